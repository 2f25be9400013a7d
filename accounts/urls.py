"""The addresses of the people's pages."""

from django.urls import URLPattern

urlpatterns: list[URLPattern] = []
