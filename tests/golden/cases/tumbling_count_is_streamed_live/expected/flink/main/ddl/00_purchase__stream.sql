-- An order was paid.
CREATE TEMPORARY TABLE `purchase__stream` (
  `event_id` STRING,
  `user_id` STRING,
  `event_type` STRING,
  `timestamp` TIMESTAMP_LTZ(3),
  `country` STRING,
  `custom_properties` ROW<`amount` DECIMAL(12, 2), `currency` STRING, `coupon` STRING>,
  `_arrival` TIMESTAMP_LTZ(3) METADATA FROM 'timestamp' VIRTUAL,
  `_watermark` TIMESTAMP_LTZ(3) METADATA FROM 'watermark' VIRTUAL,
  `amount` AS `custom_properties`.`amount`,
  `currency` AS `custom_properties`.`currency`,
  `coupon` AS `custom_properties`.`coupon`,
  `event_time` AS CASE WHEN `timestamp` <= `_arrival` + INTERVAL '60' SECOND THEN `timestamp` END,
  WATERMARK FOR `event_time` AS `event_time` - INTERVAL '5' SECOND
) WITH (
  'connector' = 'kinesis-per-shard',
  'stream' = '${name_prefix}-purchase',
  'aws.region' = '${aws_region}',
  'format' = 'json',
  'json.ignore-parse-errors' = 'true',
  'json.timestamp-format.standard' = 'ISO-8601'${source_options}
)
