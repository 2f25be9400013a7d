"""The addresses of what looks after raters, and of what curators set and see of it."""

from django.urls import path

from annotation.views import care, care_settings, check_ins, rests

urlpatterns = [
    path("care/", care.care, name="care"),
    path("care/away/", rests.away, name="away"),
    path("care/go-on/<slug:slug>/", rests.go_on, name="go_on"),
    path("care/check-in/", check_ins.check_in, name="check_in"),
    path("care/check-in/forget/", check_ins.forget, name="forget_check_ins"),
    path("care/limits/", care_settings.limits, name="care_limits"),
    path("care/limits/support/", care_settings.support, name="support_text"),
    path("care/figures/", care_settings.figures, name="care_figures"),
]
