"""What is known: vocabulary, store, register, ledger, history, outbox, and the reading of documents."""
