"""Django with Django REST framework, on Gunicorn."""
