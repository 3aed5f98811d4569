"""The sign-in: allauth, told how this house does it."""
