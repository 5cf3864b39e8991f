# noqa: A005 - named for its room
