"""The history strip: what came back, newest first, behind what still runs."""
