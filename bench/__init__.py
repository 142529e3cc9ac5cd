"""Speed of the door and of the programme, beside bare servers under the same load."""
