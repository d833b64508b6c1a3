"""The demo ends as it says, and its servers and people are what they pretend to be."""
