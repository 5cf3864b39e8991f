"""The door of what partners put on pages of others: links, banners, informers, feeds, landing pages and forms."""
