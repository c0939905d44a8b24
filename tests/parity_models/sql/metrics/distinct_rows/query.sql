-- Which users click which elements each minute?
SELECT DISTINCT
    window_start AS began,  -- begin
    window_end AS ended,  -- end
    user_id,  -- who
    element  -- what was clicked
FROM TABLE(TUMBLE(TABLE click, DESCRIPTOR(event_time), INTERVAL '1' MINUTE))
