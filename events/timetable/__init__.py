"""The programme as a timetable: by day, by week, by place, and what collides there."""
