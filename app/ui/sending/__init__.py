"""What will be sent: the sheet beside the work, and when the canvas outlines the crops."""
