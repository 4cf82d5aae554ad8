"""Writes the seeds of the ingest fuzz targets: small, and all our own.

usage: python3 tests/fuzz/ingest_seeds.py tests/fuzz/corpus
"""

import io
import pathlib
import sys
import zipfile

MOOD = ('{"@type":"type.googleapis.com/subrosa.v1.MoodCheckIn","score":3,'
        '"feelings":["calm"],"note":"r\\u00e9"}')
RECORD = ('{"consumer":"c-1","id":"m-1","source":"ios-app","origin":'
          '{"system":"old","type":"T","id":"9","rawDigest":""},"collectedAt":'
          '"2024-05-01T08:00:00.5Z","effective":{"start":'
          '"2024-05-01T00:59:00-07:00","end":"2024-05-01T08:00:00Z",'
          '"utcOffsetMinutes":-420},"purpose":"mood","basis":"BASIS_NECESSARY",'
          '"provenance":{"collection":1},"payload":' + MOOD + '}')
EVERYTHING = (
    '{"int32Value":-2147483648,"int64Value":"-9223372036854775808",'
    '"uint32Value":4294967295,"uint64Value":"18446744073709551615",'
    '"sint32Value":1e2,"sint64Value":1.0,"fixed32Value":7,"fixed64Value":"8",'
    '"sfixed32Value":-9,"sfixed64Value":"-10","floatValue":1.5,'
    '"doubleValue":"-Infinity","boolValue":true,"stringValue":"a\\ud83c\\udf39",'
    '"bytesValue":"_-8","mood":"MOOD_HIGH","inner":{"inner":{"name":"d"}},'
    '"at":"2024-02-29T23:59:59.5-08:00","took":"-3.000000001s","any":' + MOOD +
    ',"maybeInt32":0,"int32List":[1,-1],"doubleList":[0.1,"NaN"],'
    '"stringList":["","x"],"moodList":[2,"MOOD_LOW"],"innerList":[{}],'
    '"looseList":[1],"byName":{"b":2,"a":1},"byNumber":{"-1":{"name":"m"}},'
    '"byTruth":{"true":"t"},"word":"w","wrappedString":"w",'
    '"wrappedInt64":"0","farAway":"f"}')
CHECK_IN = ('{"accountId":"c-7","entryId":"e-1","feltAt":'
            '"2024-05-01T23:30:00Z","score":2,"note":"n"}')
OBSERVATION = (
    '{"resourceType":"Observation","id":"o-1","status":"final","meta":'
    '{"lastUpdated":"2024-01-02"},"code":{"coding":[{"system":'
    '"http://loinc.org","code":"8867-4","display":"Heart rate"}],"text":"HR"},'
    '"subject":{"reference":"Patient/p-1"},"effectivePeriod":{"start":"2024",'
    '"end":"2024-02"},"issued":"2024-01-01T10:00:00Z","valueQuantity":'
    '{"value":72.5,"unit":"/min"}}')
CONDITION = (
    '{"resourceType":"Condition","id":"c-1","clinicalStatus":{"coding":'
    '[{"system":"s","code":"active"}]},"code":{"text":"x"},"subject":'
    '{"reference":"https://h/fhir/Patient/p-1/_history/2"},"onsetDateTime":'
    '"2020-03-01","abatementDateTime":"2021","recordedDate":"2020-03-02"}')
MEDICATION = (
    '{"resourceType":"MedicationRequest","id":"m-1","status":"active",'
    '"contained":[{"resourceType":"Medication","id":"med","code":{"coding":'
    '[{"system":"r","code":"1"}]}}],"medicationReference":{"reference":"#med"},'
    '"subject":{"reference":"Patient/p-1"},"authoredOn":"2024-01-01",'
    '"reasonCode":[{"text":"why"}],"reasonReference":[{"display":"d"}]}')
PATIENT = '{"resourceType":"Patient","id":"p"}'
PULSE = ('{"resourceType":"Observation","id":"o","subject":'
         '{"reference":"urn:uuid:1"}}')


def entry(url, resource):
  return '{"fullUrl":"' + url + '","resource":' + resource + '}'


def bundle(*entries):
  return ('{"resourceType":"Bundle","total":1,"entry":[' + ','.join(entries) +
          ']}')
POINT = (
    '{"header":{"id":"d-1","creation_date_time":"2024-05-01T08:00:00Z",'
    '"schema_id":{"namespace":"omh","name":"heart-rate","version":"2.0"},'
    '"acquisition_provenance":{"source_name":"Band","modality":"sensed"},'
    '"user_id":"u-1"},"body":{"heart_rate":{"value":62,"unit":"beats/min"},'
    '"descriptive_statistic":"average","effective_time_frame":{"date_time":'
    '"2024-05-01T06:30:00+02:00"}}}')
EPISODE = (
    '{"effective_time_frame":{"time_interval":{"end_date_time":'
    '"2024-05-01T06:30:00Z","duration":{"value":8,"unit":"h"}}},'
    '"total_sleep_time":{"value":7,"unit":"h"},"number_of_awakenings":1,'
    '"is_main_sleep":true}')
SLEEP = (
    '{"type":"SleepSessionRecord","metadata":{"id":"h-1","dataOrigin":'
    '{"packageName":"a.b"},"device":{"model":"x"},"recordingMethod":3,'
    '"clientRecordVersion":2},"startTime":"2024-05-01T00:00:00Z","endTime":'
    '"2024-05-01T06:30:00Z","startZoneOffset":"+02:00","stages":[{"startTime":'
    '"2024-05-01T01:00:00Z","endTime":"2024-05-01T02:00:00Z","stage":5}]}')
WEIGHT = (
    '{"recordType":"Weight","metadata":{"id":"h-2"},"time":'
    '"2024-05-01T00:00:00Z","weight":{"inKilograms":70.5}}')


def varint(number):
  out = bytearray()
  while number >= 0x80:
    out.append(number & 0x7F | 0x80)
    number >>= 7
  out.append(number)
  return bytes(out)


def part(number, content):
  return varint(number << 3 | 2) + varint(len(content)) + content


def scalar(number, value):
  return varint(number << 3) + varint(value)


def framed(message):
  return varint(len(message)) + message


SAMPLE = ('<Record type="HKQuantityTypeIdentifierHeartRate" sourceName="W" unit="count/min" '
          'creationDate="2024-05-01 08:01:00 +0200" startDate="2024-05-01 08:00:00 +0200" '
          'endDate="2024-05-01 08:00:30 +0200" value="72.5"><MetadataEntry key="k" value="v"/>'
          "</Record>")
WORKOUT = ('<Workout workoutActivityType="HKWorkoutActivityTypeYoga" duration="30" '
           'durationUnit="min" startDate="2024-05-01 08:00:00 +0200"><WorkoutStatistics '
           'type="t" sum="120" unit="Cal"/></Workout><Me a="b"/>')
PROBLEM = ('<code code="11450-4"/><text>None</text><entry><act negationInd="true"><id root="1" '
           'extension="2"/><statusCode code="active"/><effectiveTime><low value="201403"/>'
           '<high value="2015"/></effectiveTime><observation><value code="1" codeSystem="2.3">'
           '<translation code="J18.9" codeSystem="2.4"/></value><value value="1" unit="kg"/>'
           "</observation></act></entry>")
WORDS = ('<text><table><tr ID="r"><td ID="a">Ringing</td><td>in <b>both</b> ears</td></tr></table>'
         '<list><item ID="b">Gout &amp; more</item><item ID="b"/></list></text><entry><observation>'
         '<code nullFlavor="UNK"><originalText> <reference value="#r"/></originalText></code>'
         '<value nullFlavor="UNK"><originalText>Gout<reference value="#b"/></originalText></value>'
         '<value>plain <reference value="#a"/></value></observation></entry>')


def xml_seeds():
  """Exports of Apple Health, alone and in a zip, and C-CDA."""
  zipped = io.BytesIO()
  with zipfile.ZipFile(zipped, "w", zipfile.ZIP_DEFLATED) as archive:
    for name, content in (("e/export.xml", f"<HealthData>{SAMPLE}</HealthData>"),
                          ("e/clinical-records/c.json", OBSERVATION), ("e/r/r.gpx", "<gpx/>"),
                          ("../x", "out")):
      archive.writestr(zipfile.ZipInfo(name), content)
  return {
      "ingest_apple": {
          "document": ('x<?xml version="1.0"?><!DOCTYPE HealthData [<!ELEMENT a (b)> ]>'
                       f"<HealthData>{SAMPLE}</HealthData>"),
          "entity": 'x<!DOCTYPE r [<!ENTITY a "b">]><HealthData><Record type="&a;"/></HealthData>',
          "pulse": "s" + SAMPLE,
          "workout": "s" + WORKOUT,
          "too_long": "s" + WORKOUT.replace(
              "<WorkoutStatistics", '<MetadataEntry key="k" value="v"/>' * 20 +
              "<WorkoutStatistics") + SAMPLE,
          "zip": b"z" + zipped.getvalue()[4:],
      },
      "ingest_cda": {
          "section": "e" + PROBLEM,
          "words": "e" + WORDS,
          "too_long": "e<text><p ID='a'>w</p></text><entry><act><code><originalText>" +
                      '<reference value="#a"/>' * 30 + "</originalText></code></act></entry>" +
                      PROBLEM,
          "too_long_text": "e<text>" + "<p ID='a'>w</p>" * 40 + "</text>" + WORDS,
          "nested": "e" + WORDS + "<section>" + WORDS + "</section>" + PROBLEM,
          "patient_too_long": "d<ClinicalDocument><recordTarget><patientRole>" +
                              '<id root="1" extension="p"/>' * 30 +
                              "</patientRole></recordTarget><section>" + PROBLEM +
                              "</section></ClinicalDocument>",
          "fragment": "d<observation><value value='1' unit='kg'/></observation>",
          "nobody": "d<ClinicalDocument><section>" + PROBLEM + "</section></ClinicalDocument>",
      },
  }


def main():
  mood = (part(1, b"type.googleapis.com/subrosa.v1.MoodCheckIn") +
          part(2, scalar(1, 3) + part(2, b"calm")))
  time = scalar(1, 1700000000) + scalar(2, 5)
  record = (part(1, b"c-1") + part(2, b"m-1") + part(3, b"app") +
            part(5, time) + part(6, part(1, time)) + part(7, b"mood") +
            scalar(8, 2) + part(10, scalar(1, 1)) + part(11, mood))
  everything = (scalar(1, 2**64 - 1) + b"\x3d\x01\0\0\0" + b"\x41" + b"\1" * 8 +
                b"\x61" + b"\0" * 7 + b"\x40" + scalar(13, 1) +
                part(14, b"a") + scalar(16, 2) +
                part(17, part(2, part(1, b"d"))) + part(18, time) +
                part(19, time) + part(20, mood) + part(31, b"\1\2") +
                scalar(31, 3) + part(41, part(1, b"k") + scalar(2, 1)) +
                part(61, part(1, b"w")))
  check_in = part(1, b"c-7") + part(3, time) + scalar(4, 2)
  folders = {
      "ingest_ndjson": {
          "everything": "e" + EVERYTHING,
          "record": "r" + RECORD,
          "file": "f\ufeff" + RECORD + "\r\n\n" + RECORD,
          "file_bad_line": "f" + RECORD[:-9] + "\n" + "x" * 600 + "\n{}",
          "bare": "b" + CHECK_IN + "\n" + CHECK_IN,
          "detect_fhir": "d" + OBSERVATION,
          "detect_record": "d" + RECORD,
          "detect_gzip": b"d\x1f\x8b\x08\0",
          "any_last": 'e{"any":{"score":1,"@type":"type.googleapis.com/'
                      'subrosa.v1.MoodCheckIn"}}',
      },
      "ingest_delimited": {
          "everything": b"e" + everything,
          "record": b"r" + record,
          "file": b"f" + framed(record) + framed(record),
          "file_truncated": b"f" + framed(record)[:-3],
          "file_too_long": b"f" + framed(b"x" * 600) + framed(record),
          "bare": b"b" + framed(check_in) + framed(check_in),
      },
      "ingest_detect": {
          # A quote is the tag of a text, and a key's first letter its length.
          "json_as_message": '{"resourceType":"Basic","id":"' + "i" * 87 + '%abcdhi"}\n',
          "json_after_space": '\r \n \n\t{"x":1}\n',
          "xml_as_message": "\t\t\n<HealthData></HealthData>",
          "message_as_json": framed(part(1, b'"header":{"schema_id":') + record[5:]),
          "mark_of_utf8": '\ufeff{"resourceType":"Bundle","entry":[]}',
          "bundle": bundle('{"resource":' + OBSERVATION + "}"),
          "point": POINT,
          "weight": "[" + WEIGHT + "]",
          "export": f"<HealthData>{SAMPLE}</HealthData>",
          "document": "<ClinicalDocument><section>" + PROBLEM + "</section></ClinicalDocument>",
          "packed": b"\x28\xB5\x2F\xFD\x01\x02",
      },
      "ingest_csv": {
          "rows": 's\ufeffa,"b,c",\r\n\n"d""e"\nf,"g\nh",""\r\n"i"',
          "misplaced_quotes": 's5" a,b\n"a"b,c\nd,"e\n',
          "every_use": "cm-1,r-1,2024-05-01 08:00:00.5,1 May 2024 09:00 PM,"
                       "5/2/2024 10:00+0100,F33.1,i,370143000,\"a\"\"b\"\n"
                       "m-2,,2024-11-03 01:30:00.0,,,,,1, NA \n"
                       "m-3,,,,,F33.1,x,,\n" + "x" * 600 + "\n",
          "questionnaire": "qm-1,,0,1,2,3,0,1,2\nm-2,9,0,1,2,3,0,1,2\n"
                           "m-3,3,0,1,2,,,,\nm-4,,,,,,,,\nm-5,,4,,,,,,\n",
          "objects": 'j{"a":"m-1","f":"F33.1","g":"i","i":"x\\n"}\n'
                     '{"a":7,"h":1e2,"b":null}\n{"a":true,"z":1}\n'
                     '{"a":"m","a":"n"}\n{"a":[1]}\n',
      },
      "ingest_mapping": {
          "condition": 'name: "x" message: "subrosa.v1.Condition" '
                       'column { name: "a" consumer {} } '
                       'column { name: "b" code { path: "condition.coding[0]" '
                       'system: "urn:s" } } '
                       'column { name: "c" field { path: "note" } }',
          "vital": 'name: "x" message: "subrosa.v1.VitalSample" trim: true '
                   'column { name: "a" consumer {} } '
                   'column { name: "b" quantity { path: "value" '
                   'unit_column: "c" } } column { name: "c" unit {} '
                   'translation { from: "c" to: "kg" } } '
                   'constant { path: "type.coding[0].code" value: "1" }',
          "everything": 'name: "x" message: "acme.v1.Everything" '
                        'column { name: "a" consumer {} } '
                        'column { name: "b" field { path: "at" time { '
                        'format: "%Y-%m-%d" zone: "UTC" } } } '
                        'column { name: "c" field { path: "took" '
                        'duration: DURATION_UNIT_HOURS } } '
                        'column { name: "d" field { path: '
                        '"inner.inners[0].name" } } '
                        'column { name: "e" field { path: "mood_list[0]" } }',
          "total": 'name: "x" message: "subrosa.v1.Assessment" '
                   'column { name: "a" consumer {} } '
                   'column { name: "b" total {} } '
                   'questionnaire { instrument: INSTRUMENT_PHQ9 }',
          "broken": 'name: "x" column { name: 7',
      },
      "ingest_open_mhealth": {
          "point": "m" + POINT,
          "kept_whole": "m" + POINT.replace("heart-rate", "pace"),
          "episode": "b" + EPISODE,
          "part_of_day": 'b{"effective_time_frame":{"time_interval":{"date":'
                         '"2024-05-01","part_of_day":"night"}}}',
          "lines": "f" + POINT + "\n{}\n" + POINT,
          "list": "f[\n" + POINT + ",\n" + POINT + "]",
          "cut_off": "f[" + POINT[:80],
      },
      "ingest_health_connect": {
          "sleep": "m" + SLEEP,
          "weight": "m" + WEIGHT,
          "kept_whole": "m" + WEIGHT.replace("Weight", "SkinTemperature"),
          "document": 'f{"v":[1],"records":[' + WEIGHT + "," + SLEEP + '],"w":2}',
          "lines": "f" + WEIGHT + "\n[\n" + WEIGHT,
          "detected": "d[" + WEIGHT + "]",
          "detected_point": "d" + POINT,
      },
      "ingest_consumer_map": {
          "people": "source,consumer\np-1,c-1\r\n\"p,2\",c-1\n",
          "twice": "source,consumer\np-1,c-1\np-1,c-2\n",
          "id": "c-1\n",
      },
      "ingest_fhir": {
          "observation": "m" + OBSERVATION,
          "condition": "m" + CONDITION,
          "medication": "m" + MEDICATION,
          "patient": 'm{"resourceType":"Patient","id":"p-1"}',
          "contained": 'm{"resourceType":"Provenance","id":"p","contained":[{},'
                       '{"id":"y","resourceType":"Group","subject":{"reference":"#z"}},'
                       '{"id":"z","resourceType":"Device","patient":{"reference":"Patient/p"}}],'
                       '"target":[{"reference":"#y"},{"reference":"#z"},{"reference":"#y"}]}',
          "file": "f" + OBSERVATION + "\n" + CONDITION + "\n" +
                  '{"resourceType":"Organization","id":"o"}',
          "bundle": 'm{"resourceType":"Bundle","entry":[]}',
      },
  }
  folders["ingest_bundle"] = {
      "backward": bundle(entry("urn:uuid:1", PATIENT), entry("u", PULSE)),
      "forward": bundle(entry("u", PULSE), entry("urn:uuid:1", PATIENT)),
      "circle": bundle(entry("urn:uuid:1", PULSE)),
      "servers": bundle(entry("http://a/Patient/p", PATIENT),
                        entry("http:\\/\\/b\\/Patient\\/p", PATIENT)),
      "lines": bundle(entry("urn:uuid:1", PATIENT)).replace(",", ",\n "),
      "alone": PATIENT.replace(",", ",\n") + "\n" + bundle() + PATIENT,
      "cut_off": bundle(entry("u", PULSE), entry("urn:uuid:1", PATIENT))[:-40],
      "encounter": bundle(
          entry("http://a/Provenance/1", PULSE.replace(
              "subject", "target").replace("urn:uuid:1", "Encounter/o")),
          entry("http://a/Encounter/o", PULSE.replace(
              "Observation", "Encounter").replace("urn:uuid:1", "Patient/p"))),
      "too_long": bundle(entry("u", "\"" + "x" * 600 + "\""),
                         entry("urn:uuid:1", PATIENT)),
  }
  folders.update(xml_seeds())
  for folder, seeds in folders.items():
    path = pathlib.Path(sys.argv[1]) / folder
    path.mkdir(parents=True, exist_ok=True)
    for name, seed in seeds.items():
      (path / name).write_bytes(
          seed if isinstance(seed, bytes) else seed.encode())


if __name__ == "__main__":
  main()
