"""How the console writes numbers and times, by language; Django finds it by FORMAT_MODULE_PATH."""
