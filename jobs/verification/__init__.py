"""Who looks at what a unit reports: the evidence it must bring, the levels it goes through, samples of what is closed."""
