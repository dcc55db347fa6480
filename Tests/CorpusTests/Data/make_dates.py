"""Makes dates.json: times that Python's strptime reads with formats, and texts that it rejects."""
import datetime
import json
import random
import sys

FORMATS = [
    "%d/%m/%Y", "%m/%d/%Y %H:%M", "%d.%m.%y %H:%M:%S", "%Y%m%d-%H%M%S", "%d %b %Y, %I:%M %p", "%B %d, %Y", "%A %d %B %Y",
    "%a %b %d %H:%M:%S %z %Y", "%Y-%m-%dT%H:%M:%S.%f%z", "%y/%m/%d", "%Y %j", "%H:%M %d-%m-%Y", "100%% on %d.%m.%Y",
    "%d/%m/%Y%H:%M", "(%Y) %m/%d",
]
TEXTS = ["", "10/13/2018", "32/01/2018", "1/2/2018", "01/02/2018 ", "01/02/18", "10/11/2018 7:05", "29.02.19 00:00:00",
         "30 Feb 2018, 01:00 AM", "1 Mar 2018, 13:00 PM", "1 mar 2018, 12:00 am", "Monday 1 January 2018",
         "2016 366", "2018 0", "01/02/2018 24:00"]


def seconds(text, form):
    try:
        time = datetime.datetime.strptime(text, form)
    except ValueError:
        return None
    if time.tzinfo is None:
        time = time.replace(tzinfo=datetime.timezone.utc)
    weekdays = "%a" in form or "%A" in form
    # Python does not compare the weekday with the date; clfa does.
    if weekdays and time.strftime("%A")[:3].lower() not in text.lower():
        return None
    return int(time.timestamp() // 1)


made = random.Random(7)
cases = []
for form in FORMATS:
    for _ in range(6):
        zone = datetime.timezone(datetime.timedelta(minutes=made.choice([0, 120, -210, 345])))
        time = datetime.datetime(1990, 1, 1, tzinfo=zone) + datetime.timedelta(seconds=made.randrange(2_000_000_000))
        text = time.strftime(form)
        cases.append({"format": form, "text": text, "seconds": seconds(text, form)})
    cases += [{"format": form, "text": text, "seconds": seconds(text, form)} for text in TEXTS]
with open(f"{sys.argv[1]}/dates.json", "w") as file:
    file.write(json.dumps(cases, indent=0) + "\n")
