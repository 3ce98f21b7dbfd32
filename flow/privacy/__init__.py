"""What is withheld of the numbers of people, so that nobody can be told from them; PRIVACY.md says why and what is left."""
