"""Estran is killed at random moments of its work, again and again, and nothing may be lost, doubled or torn."""
