"""What docs/formats/copy.md says of FHIR Bundles and of data points of Open mHealth, checked a
second time. It shares nothing with src/exports: which elements may stand there it reads from that
page, and what each type must have it knows from R4 (http://hl7.org/fhir/R4)."""

import json
import re

URN = re.compile(r"urn:uuid:[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}")
URI = re.compile(r"[A-Za-z][A-Za-z0-9+.-]*:\S+")
ZONE = r"(Z|[+-](0\d|1[0-3]):[0-5]\d|[+-]14:00)"
TIME = r"T([01]\d|2[0-3]):[0-5]\d:([0-5]\d|60)(\.\d+)?" + ZONE
DAY = r"\d{4}-(0[1-9]|1[0-2])-(0[1-9]|[12]\d|3[01])"
DATE_TIME = re.compile(r"\d{4}|\d{4}-(0[1-9]|1[0-2])|" + DAY + "(" + TIME + ")?")
INSTANT = re.compile(DAY + TIME)
TIMES = re.compile(r"(effective|onset|abatement|performed|occurrence)DateTime|authored(On)?"
                   r"|startDate|dateTime|recordedDate|dateAsserted|valueDateTime|start|end")
INSTANTS = {"issued", "lastUpdated", "effectiveInstant", "valueInstant", "recorded"}

# Type to the element that refers to the patient, and to those that it must have.
MUST = {
    "AllergyIntolerance": ("patient", ()),
    "CarePlan": ("subject", ("status", "intent")),
    "Condition": ("subject", ()),
    "Consent": ("patient", ("status", "scope", "category")),
    "DiagnosticReport": ("subject", ("status", "code")),
    "Encounter": ("subject", ("status", "class")),
    "FamilyMemberHistory": ("patient", ("status", "relationship")),
    "Goal": ("subject", ("lifecycleStatus", "description")),
    "Immunization": ("patient", ("status", "vaccineCode", "occurrence*")),
    "MedicationRequest": ("subject", ("status", "intent", "medication*")),
    "MedicationStatement": ("subject", ("status", "medication*")),
    "Observation": ("subject", ("status", "code")),
    "Procedure": ("subject", ("status",)),
    "QuestionnaireResponse": ("subject", ("status",)),
}
REFERENCES = {"reasonReference", "addresses", "valueReference"}
# Of the service's own records alone.
OWN = {"Condition": ("note",)}
NOT_READ = {"resourceType", "id"}

# Schema to its main member, or None if it has none, and that one's units.
MAIN = {
    "blood-glucose": ("blood_glucose", ("mg/dL", "mmol/L")),
    "blood-pressure": ("systolic_blood_pressure", ("mmHg",)),
    "body-fat-percentage": ("body_fat_percentage", ("%",)),
    "body-height": ("body_height", "fm pm nm um mm cm m km in ft yd mi".split()),
    "body-mass-index": ("body_mass_index", ("kg/m^2", "kg/m2")),
    "body-temperature": ("body_temperature", ("K", "F", "C")),
    "body-weight": ("body_weight", "fg pg ng ug mg g kg gr oz lb Ton".split() + ["Metric Ton"]),
    "calories-burned": ("kcal_burned", ("kcal",)),
    "heart-rate": ("heart_rate", ("beats/min",)),
    "minutes-moderate-activity": ("minutes_moderate_activity", ("min",)),
    "oxygen-saturation": ("oxygen_saturation", ("%",)),
    "physical-activity": (None, ()),
    "respiratory-rate": ("respiratory_rate", ("breaths/min",)),
    "sleep-duration": ("sleep_duration", ("sec", "min", "h")),
    "sleep-episode": (None, ()),
    "step-count": ("step_count", ("steps",)),
    "total-sleep-time": ("total_sleep_time", "ps ns us ms sec min h d wk Mo yr".split()),
}


class Number(str):
  """A number as it is written."""


class Elements:
  """What may be written, by the table of the page."""

  def __init__(self, page):
    row = lambda name: re.search(r"^\| " + name + r" \| (.+) \|$", page, re.M)[1]
    words = lambda text: set(re.findall(r"`(\w+)`", text))
    self.top = words(row("at the top"))
    self.below = words(row("within these"))
    self.values = {"value" + kind for kind in words(row("`value` of a kind"))}
    self.of_type = {kind: words(names) for kind, names in
                    re.findall(r"(\w+)((?: `\w+`)+)", row("of one type"))}

  def of(self, place, kind):
    """The names that may stand at `place` of a resource of type `kind`."""
    return {"top": self.top | self.values | self.of_type.get(kind, set()),
            "below": self.below | self.values,
            "reference": {"display"},
            "meta": {"lastUpdated"}}[place]

  def project(self, value, kind, place="top"):
    """What the page says is written of `value`; None if nothing is."""
    if isinstance(value, list):
      kept = [self.project(each, kind, place) for each in value]
      return [each for each in kept if each is not None] or None
    if not isinstance(value, dict):
      return value if place == "below" else None
    kept = {}
    for name, each in value.items():
      if name not in self.of(place, kind):
        continue
      below = self.project(each, kind, place_below(place, name))
      if below is not None:
        kept[name] = below
    return kept or None


def place_below(place, name):
  if name in REFERENCES or (place == "below" and name == "condition"):
    return "reference"
  return "meta" if place == "top" and name == "meta" else "below"


def read_json(text):
  """JSON in which numbers are as they are written, and a name twice is an error."""
  def once(pairs):
    if len({name for name, _ in pairs}) != len(pairs):
      raise ValueError("a name twice")
    return dict(pairs)
  return json.loads(text, object_pairs_hook=once, parse_int=Number, parse_float=Number)


def members(value, path=""):
  """Each (path, name, value) below `value`."""
  if isinstance(value, list):
    for each in value:
      yield from members(each, path)
  elif isinstance(value, dict):
    for name, each in value.items():
      yield path, name, each
      yield from members(each, path + "." + name)


def has(resource, name):
  if name.endswith("*"):
    return any(each.startswith(name[:-1]) for each in resource)
  return name in resource


def faults_of_resource(resource, patient, urls, elements):
  kind = resource.get("resourceType")
  if kind not in MUST:
    return [f"type {kind}"]
  subject, must = MUST[kind]
  faults = [f"{kind} without {name}" for name in must if not has(resource, name)]
  if resource.get(subject) != {"reference": patient}:
    faults.append(f"{kind} about another")
  rest = {name: each for name, each in resource.items()
          if name not in NOT_READ | {subject} | set(OWN.get(kind, ()))}
  if (elements.project(rest, kind) or {}) != rest:
    faults.append(f"{kind} with what is not on the page")
  for path, name, each in members(rest):
    if name == "system" and not (isinstance(each, str) and URI.fullmatch(each)):
      faults.append(f"{path}.system is no URI")
    if name == "coding":
      faults += [f"{path}.coding without its system" for code in each
                 if "code" in code and "system" not in code]
    if name == "reference" and each not in urls:
      faults.append(f"{path}.reference leads nowhere")
    if isinstance(each, str) and name in INSTANTS and not INSTANT.fullmatch(each):
      faults.append(f"{path}.{name} is no instant")
    if isinstance(each, str) and TIMES.fullmatch(name) and not DATE_TIME.fullmatch(each):
      faults.append(f"{path}.{name} is no time")
  return faults


def faults_of_bundle(text, elements):
  """What is wrong with a Bundle, by the page's list."""
  try:
    bundle = read_json(text)
  except ValueError as error:
    return [f"no JSON: {error}"]
  faults = [f"{path}.{name} is empty" for path, name, each in members(bundle)
            if each is None or each in ({}, [], "")]
  if (bundle.get("resourceType"), bundle.get("type")) != ("Bundle", "collection"):
    faults.append("no collection")
  if not INSTANT.fullmatch(bundle.get("timestamp", "")):
    faults.append("timestamp is no instant")
  entries = bundle.get("entry", [])
  if not entries or any(set(entry) != {"fullUrl", "resource"} for entry in entries):
    return faults + ["entries of another form"]
  urls = [entry["fullUrl"] for entry in entries]
  faults += [f"fullUrl {url}" for url in urls if not URN.fullmatch(url)]
  if len(set(urls)) != len(urls):
    faults.append("a fullUrl twice")
  patient = {"resourceType": "Patient", "id": urls[0][len("urn:uuid:"):]}
  if entries[0]["resource"] != patient:
    faults.append("no patient first")
  for entry in entries[1:]:
    faults += faults_of_resource(entry["resource"], urls[0], urls, elements)
  return faults


def differences(given, bundle, elements):
  """Where resources of `bundle` differ from those of `given` with their type and id; how many
  were compared."""
  written = {(entry["resource"]["resourceType"], entry["resource"].get("id")): entry["resource"]
             for entry in read_json(bundle)["entry"]}
  found, compared = [], 0
  for resource in given:
    kind, name = resource["resourceType"], resource.get("id")
    if (kind, name) not in written:
      continue
    compared += 1
    subject = MUST[kind][0]
    want = elements.project(resource, kind) or {}
    got = {name: each for name, each in written[kind, name].items()
           if name not in NOT_READ | {subject}}
    if "medicationReference" in resource:
      got.pop("medicationCodeableConcept")
    if want != got:
      found.append(f"{kind}/{name}")
  return found, compared


def is_number(value):
  return isinstance(value, Number)


def is_time(value):
  return isinstance(value, str) and INSTANT.fullmatch(value) is not None


def faults_of_frame(frame):
  if set(frame) == {"date_time"}:
    return [] if is_time(frame["date_time"]) else ["date_time is no time"]
  if set(frame) != {"time_interval"}:
    return ["a time frame of another form"]
  interval = frame["time_interval"]
  if set(interval) == {"date", "part_of_day"}:
    return [] if re.fullmatch(DAY, interval["date"]) else ["date is none"]
  if len(interval) != 2 or not set(interval) < {"start_date_time", "end_date_time", "duration"}:
    return ["an interval of another form"]
  faults = [f"{name} is no time" for name, each in interval.items()
            if name != "duration" and not is_time(each)]
  duration = interval.get("duration")
  if duration is not None and not (set(duration) == {"value", "unit"} and
                                   is_number(duration["value"])):
    faults.append("a duration of another form")
  return faults


def faults_of_points(text):
  """What is wrong with data points, one a line."""
  faults, ids, users = [], set(), set()
  for line in text.splitlines():
    try:
      point = read_json(line)
    except ValueError as error:
      faults.append(f"no JSON: {error}")
      continue
    if set(point) != {"header", "body"}:
      faults.append("no header and body")
      continue
    header, body = point["header"], point["body"]
    schema = header.get("schema_id", {})
    if header.get("id", "") in ids | {""}:
      faults.append("an id twice, or none")
    ids.add(header.get("id"))
    users.add(header.get("user_id"))
    if not is_time(header.get("creation_date_time")):
      faults.append("creation_date_time is no time")
    if schema.get("namespace") != "omh" or not re.fullmatch(r"\d+\.[\dx]+", schema.get("version", "")):
      faults.append("schema_id of another form")
    source = header.get("acquisition_provenance", {"source_name": "x"})
    if not source.get("source_name") or source.get("modality", "sensed") not in ("sensed", "self-reported"):
      faults.append("acquisition_provenance of another form")
    faults += faults_of_frame(body.get("effective_time_frame", {"date_time": header.get("creation_date_time")}))
    if schema.get("name") not in MAIN:
      faults.append("a schema that is not written")
      continue
    main, units = MAIN[schema["name"]]
    value = body.get(main)
    is_bare = main == "step_count" and schema["version"] < "3" and is_number(value)
    if main and not is_bare and not (isinstance(value, dict) and is_number(value.get("value")) and
                                     value.get("unit") in units):
      faults.append(f"{main} of another form")
  if len(users) > 1 or None in users:
    faults.append("not one user")
  return faults
