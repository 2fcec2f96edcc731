"""Estran."""
