-- How much a look knows. Bounds depend on what looks have in common, which neither units nor days say while windows are open.

-- Null of looks that were taken before it was measured: their share of the plan stands for it.
alter table halyard.experiment_look add column information double precision check (information > 0);
comment on column halyard.experiment_look.information is 'What it knows: the first look its share of the plan, and each later one as many times what the one before knew as was measured.';
