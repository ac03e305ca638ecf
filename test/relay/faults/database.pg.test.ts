// The fault matrix: contents that cannot be served, tables that cannot be read, and histories that are not the right one.
import { database } from './database-rows.ts';
import { testGroup } from './run.ts';

testGroup(database);
