"""What partners show: banners, news and landing pages."""
