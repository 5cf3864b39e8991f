"""The addresses."""

from django.urls import path

from bench.peers.django_peer import views

urlpatterns = [
    path("v1/accounts/<int:login>/balance", views.Balance.as_view()),
    path("v1/accounts/<int:login>/trades/open", views.OpenTrades.as_view()),
    path("v1/accounts/<int:login>/summary", views.Summary.as_view()),
    path("client/RequestBalanceInformation/<int:login>", views.LegacyBalance.as_view()),
    path("client/RequestOpenTrades/<int:login>", views.LegacyOpenTrades.as_view()),
    path("client/RequestAccountSummary/<int:login>", views.LegacySummary.as_view()),
]
