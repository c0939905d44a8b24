CREATE TEMPORARY TABLE `page_view__stream` (
  `event_id` STRING, `user_id` STRING, `session_id` STRING, `event_type` STRING,
  `timestamp` TIMESTAMP_LTZ(3), `page_url` STRING, `category` STRING, `device_type` STRING,
  `custom_properties` ROW<`page_type` STRING, `load_time_ms` INT>,
  `_arrival` TIMESTAMP_LTZ(3) METADATA FROM 'timestamp' VIRTUAL,
  `_watermark` TIMESTAMP_LTZ(3) METADATA FROM 'watermark' VIRTUAL,
  `page_type` AS `custom_properties`.`page_type`,
  `load_time_ms` AS `custom_properties`.`load_time_ms`,
  `event_time` AS CASE WHEN `timestamp` <= `_arrival` + INTERVAL '60' SECOND THEN `timestamp` END,
  WATERMARK FOR `event_time` AS `event_time` - INTERVAL '5' SECOND
) WITH (
  'connector' = 'kinesis-per-shard',
  'stream' = '${name_prefix}-page-view',
  'aws.region' = '${aws_region}',
  'format' = 'json',
  'json.timestamp-format.standard' = 'ISO-8601',
  'json.ignore-parse-errors' = 'true'${source_options}
)
