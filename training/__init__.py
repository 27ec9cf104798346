"""How the shipped models are made and measured. Needs `training/requirements.txt`; the product never imports it."""
