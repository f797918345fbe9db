"""记分: what each unit gained and lost in a month, point by point, each with the row that it comes from."""
