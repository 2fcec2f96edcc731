"""How good themes are, against others: `make bench-themes`."""
