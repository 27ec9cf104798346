"""How good the detectors and a policy are on labelled texts. Pure: readings and labels in, numbers and drawings out."""
