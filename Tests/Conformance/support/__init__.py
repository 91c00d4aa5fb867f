"""What the conformance tests stand on: the server under test, a bare protocol client, and one driver per real client."""
