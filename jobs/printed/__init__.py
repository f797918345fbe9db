"""What the office hands on in print: papers in official form, the ledger as a spreadsheet, deadlines as a calendar."""
