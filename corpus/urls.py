"""The addresses of this app's pages."""

from django.urls import URLPattern

app_name = "corpus"
urlpatterns: list[URLPattern] = []
