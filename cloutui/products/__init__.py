"""Backup products: one package each, its protocol and nothing else."""
