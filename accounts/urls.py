"""The addresses of the people's pages."""

from django.urls import path

from accounts.views import demo, invitations, people, profile, staying

urlpatterns = [
    path("", people.people, name="people"),
    path("invite/", people.invite, name="invite"),
    path("invitations/<str:pk>/withdraw/", people.withdraw, name="withdraw_invitation"),
    path("invitation/<str:token>/", invitations.accept, name="accept_invitation"),
    path("me/", profile.profile, name="profile"),
    path("me/stay/", staying.stay, name="stay"),
    path("me/tokens/", profile.new_token, name="new_token"),
    path("me/tokens/<str:key>/revoke/", profile.revoke_token, name="revoke_token"),
    path("demo/<str:ticket>/", demo.sign_in, name="demo_sign_in"),
]
