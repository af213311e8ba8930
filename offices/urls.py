"""Addresses of offices/: signing in and out, the officer's own page."""

from django.urls import path

from offices import views

urlpatterns = [
    path("dang-nhap/", views.SignInView.as_view(), name="login"),
    path("dang-xuat/", views.SignOutView.as_view(), name="logout"),
    path("tai-khoan/", views.profile, name="profile"),
]
