"""What a letter should not say: pure rules with a name, a reason and a remedy each; what they look for is data."""
