"""The programme: campaigns, plans, activities, duties, calendars."""
