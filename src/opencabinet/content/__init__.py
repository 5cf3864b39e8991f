"""What partners show: banners, news and landing pages."""

from opencabinet.content.articles.actions import add_news, change_news, drafted, retract_news
from opencabinet.content.articles.model import CATEGORIES, Article, BadArticle, Category, NoSuchArticle
from opencabinet.content.articles.store import article, changed, everything, news
from opencabinet.content.pages.actions import designed, landing, landing_names, landings, remove_landing, save_landing
from opencabinet.content.pages.model import BadLanding, Landing, NoSuchLanding, TooManyLandings
from opencabinet.content.pictures.actions import add_banner, judged, retire_banner
from opencabinet.content.pictures.counting import Impressions
from opencabinet.content.pictures.model import (
    LARGEST,
    SIZES,
    SPELLED,
    TYPES,
    BadBanner,
    Banner,
    Kind,
    NoSuchBanner,
    Picture,
    Shown,
    Snippet,
    Theme,
    TooManyBanners,
    snippet,
)
from opencabinet.content.pictures.shelf import Shelf
from opencabinet.content.pictures.store import banners, impressions, times
from opencabinet.content.words import LANGUAGE, BadContent, read_language, read_line

__all__ = [
    "CATEGORIES",
    "LANGUAGE",
    "LARGEST",
    "SIZES",
    "SPELLED",
    "TYPES",
    "Article",
    "BadArticle",
    "BadBanner",
    "BadContent",
    "BadLanding",
    "Banner",
    "Category",
    "Impressions",
    "Kind",
    "Landing",
    "NoSuchArticle",
    "NoSuchBanner",
    "NoSuchLanding",
    "Picture",
    "Shelf",
    "Shown",
    "Snippet",
    "Theme",
    "TooManyBanners",
    "TooManyLandings",
    "add_banner",
    "add_news",
    "article",
    "banners",
    "change_news",
    "changed",
    "designed",
    "drafted",
    "everything",
    "impressions",
    "judged",
    "landing",
    "landing_names",
    "landings",
    "news",
    "read_language",
    "read_line",
    "remove_landing",
    "retire_banner",
    "retract_news",
    "save_landing",
    "snippet",
    "times",
]
