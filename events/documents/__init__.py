"""The plan as a document, laid out as Decree 30/2020 asks, from the data of the plan."""
