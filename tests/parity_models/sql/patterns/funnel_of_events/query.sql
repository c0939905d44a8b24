-- Which visits go from a page view through clicks to an order within ten minutes?
SELECT
    session_id,  -- the visit
    view_event,  -- the view
    viewed_at,  -- page view
    paid_at,  -- order
    clicks  -- clicks between them
FROM events
MATCH_RECOGNIZE (
    PARTITION BY session_id
    ORDER BY event_time
    MEASURES
        V.event_id AS view_event,
        V.event_time AS viewed_at,
        P.event_time AS paid_at,
        COUNT(C.event_id) AS clicks
    ONE ROW PER MATCH
    AFTER MATCH SKIP PAST LAST ROW
    PATTERN (V C*? P) WITHIN INTERVAL '10' MINUTE
    DEFINE V AS V.event_type = 'page_view', C AS C.event_type = 'click', P AS P.event_type = 'purchase'
)
