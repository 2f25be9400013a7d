"""The addresses of what goes on around the rating: flags, differences, rooms, the live page."""

from django.urls import path

from annotation.views import differences, flags, live, rooms

urlpatterns = [
    path("studies/<slug:slug>/live/", live.live, name="live"),
    path("studies/<slug:slug>/live/agreement/", live.agreement_so_far, name="so_far"),
    path("studies/<slug:slug>/flags/", flags.study_flags, name="study_flags"),
    path("studies/<slug:slug>/flags/<str:pk>/", flags.flag, name="flag"),
    path("studies/<slug:slug>/differences/", differences.differences, name="differences"),
    path("studies/<slug:slug>/differences/settled/", differences.settled, name="settled"),
    path(
        "studies/<slug:slug>/differences/<str:completion>/<slug:key>/",
        differences.difference,
        name="difference",
    ),
    path("studies/<slug:slug>/rooms/", rooms.study_rooms, name="study_rooms"),
    path("studies/<slug:slug>/rooms/<str:pk>/", rooms.curated_room, name="curated_room"),
    path(
        "studies/<slug:slug>/rooms/<str:pk>/<str:item>/",
        rooms.curated_room_item,
        name="curated_room_item",
    ),
    path("rooms/<str:pk>/", rooms.room, name="room"),
    path("rooms/<str:pk>/<str:item>/", rooms.room_item, name="room_item"),
    path("flags/", flags.own_flags, name="own_flags"),
    path("flags/<str:pk>/reply/", flags.reply, name="reply_to_flag"),
    path("<slug:slug>/<str:pk>/flag/", flags.flag_item, name="flag_item"),
]
