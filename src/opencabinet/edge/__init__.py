"""In front of the application: what is refused before anything is asked, and answers that are held."""
