"""The ways out of the house: e-mail, SMS, letter."""
