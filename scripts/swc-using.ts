// Preloaded before dependency-cruiser: teaches the syntax visitor that it uses to read `using` declarations (ES2026).
// To be removed once `@swc/core/Visitor.js` knows them.
import { createRequire } from 'node:module';

interface Statement {
  type: string;
  decls: unknown[];
}

interface Visitor {
  visitStatement(statement: Statement): Statement;
  visitVariableDeclarators(declarators: unknown[]): unknown[];
}

const { Visitor } = createRequire(import.meta.url)('@swc/core/Visitor.js') as {
  Visitor: { prototype: Visitor };
};
const { visitStatement } = Visitor.prototype;

Visitor.prototype.visitStatement = function (this: Visitor, statement) {
  if (statement.type !== 'UsingDeclaration') return visitStatement.call(this, statement);
  statement.decls = this.visitVariableDeclarators(statement.decls);
  return statement;
};
