// @ts-nocheck
// Generated from schemas/ by `npm run generate`. Do not edit.
export const project = validate20;
const schema31 = {"$schema":"https://json-schema.org/draft/2020-12/schema","$id":"project.schema.json","title":"ProjectDefinition","description":"The project file, `project.yaml` at the root of the definitions: its name, its environments and what apps may say about a subject.","type":"object","required":["project","environments"],"additionalProperties":false,"properties":{"project":{"description":"organization/project, for example `acme/shop`. It can never change.","type":"string","pattern":"^[a-z0-9][a-z0-9._-]{0,99}/[a-z0-9][a-z0-9._-]{0,99}$"},"environments":{"description":"The environments, in the order of promotion.","type":"object","minProperties":1,"maxProperties":100,"propertyNames":{"$ref":"common.schema.json#/$defs/key"},"additionalProperties":{"title":"ProjectEnvironment","type":"object","required":["salt"],"additionalProperties":false,"properties":{"salt":{"description":"Part of every bucket: changing it reshuffles everyone. Any short random text, in quotes. Six characters hash fastest.","type":"string","minLength":1,"maxLength":100}}}},"attributes":{"description":"What apps may say about a subject. Conditions are type-checked against it; without `attributes` nothing is checked. `targetingKey` is always declared, as a string.","type":"object","propertyNames":{"$ref":"common.schema.json#/$defs/attributeName"},"additionalProperties":{"title":"AttributeDeclaration","type":"object","required":["type"],"additionalProperties":false,"properties":{"type":{"description":"string, number, boolean, semver (a version text) or date (an RFC 3339 text or epoch milliseconds).","enum":["string","number","boolean","semver","date"]},"values":{"description":"The values that occur.","type":"array","minItems":1,"items":{"$ref":"common.schema.json#/$defs/scalar"}},"list":{"description":"The attribute holds a list of such values.","type":"boolean"},"personal":{"description":"Personal data: never leaves the relay unhashed, and never reaches a log, a metric or an audit entry.","type":"boolean"},"description":{"description":"What the attribute means, for authors.","type":"string"}}}}}};
const schema33 = {"description":"Lower-case letters, digits, `.`, `_` and `-`; starts with a letter or digit; at most 100 characters. Unique per kind in the project, and the file is named after it.","type":"string","pattern":"^[a-z0-9][a-z0-9._-]{0,99}$"};
const schema34 = {"description":"The name of a context attribute. `targetingKey` is one too. If the context has no attribute of exactly this name, dots walk into objects: `company.plan`.","type":"string","minLength":1};
const schema35 = {"type":["string","number","boolean"]};
const pattern4 = new RegExp("^[a-z0-9][a-z0-9._-]{0,99}/[a-z0-9][a-z0-9._-]{0,99}$", "u");
const pattern5 = new RegExp("^[a-z0-9][a-z0-9._-]{0,99}$", "u");
import func1_ from 'ajv/dist/runtime/ucs2length.js';
const func1 = func1_.default;

function validate20(data, {instancePath="", parentData, parentDataProperty, rootData=data, dynamicAnchors={}}={}){
/*# sourceURL="project.schema.json" */;
let vErrors = null;
let errors = 0;
const evaluated0 = validate20.evaluated;
if(evaluated0.dynamicProps){
evaluated0.props = undefined;
}
if(evaluated0.dynamicItems){
evaluated0.items = undefined;
}
if(data && typeof data == "object" && !Array.isArray(data)){
if(data.project === undefined){
const err0 = {instancePath,schemaPath:"#/required",keyword:"required",params:{missingProperty: "project"},message:"must have required property '"+"project"+"'",schema:schema31.required,parentSchema:schema31,data};
if(vErrors === null){
vErrors = [err0];
}
else {
vErrors.push(err0);
}
errors++;
}
if(data.environments === undefined){
const err1 = {instancePath,schemaPath:"#/required",keyword:"required",params:{missingProperty: "environments"},message:"must have required property '"+"environments"+"'",schema:schema31.required,parentSchema:schema31,data};
if(vErrors === null){
vErrors = [err1];
}
else {
vErrors.push(err1);
}
errors++;
}
for(const key0 in data){
if(!(((key0 === "project") || (key0 === "environments")) || (key0 === "attributes"))){
const err2 = {instancePath,schemaPath:"#/additionalProperties",keyword:"additionalProperties",params:{additionalProperty: key0},message:"must NOT have additional properties",schema:false,parentSchema:schema31,data};
if(vErrors === null){
vErrors = [err2];
}
else {
vErrors.push(err2);
}
errors++;
}
}
if(data.project !== undefined){
let data0 = data.project;
if(typeof data0 === "string"){
if(!pattern4.test(data0)){
const err3 = {instancePath:instancePath+"/project",schemaPath:"#/properties/project/pattern",keyword:"pattern",params:{pattern: "^[a-z0-9][a-z0-9._-]{0,99}/[a-z0-9][a-z0-9._-]{0,99}$"},message:"must match pattern \""+"^[a-z0-9][a-z0-9._-]{0,99}/[a-z0-9][a-z0-9._-]{0,99}$"+"\"",schema:"^[a-z0-9][a-z0-9._-]{0,99}/[a-z0-9][a-z0-9._-]{0,99}$",parentSchema:schema31.properties.project,data:data0};
if(vErrors === null){
vErrors = [err3];
}
else {
vErrors.push(err3);
}
errors++;
}
}
else {
const err4 = {instancePath:instancePath+"/project",schemaPath:"#/properties/project/type",keyword:"type",params:{type: "string"},message:"must be string",schema:schema31.properties.project.type,parentSchema:schema31.properties.project,data:data0};
if(vErrors === null){
vErrors = [err4];
}
else {
vErrors.push(err4);
}
errors++;
}
}
if(data.environments !== undefined){
let data1 = data.environments;
if(data1 && typeof data1 == "object" && !Array.isArray(data1)){
if(Object.keys(data1).length > 100){
const err5 = {instancePath:instancePath+"/environments",schemaPath:"#/properties/environments/maxProperties",keyword:"maxProperties",params:{limit: 100},message:"must NOT have more than 100 properties",schema:100,parentSchema:schema31.properties.environments,data:data1};
if(vErrors === null){
vErrors = [err5];
}
else {
vErrors.push(err5);
}
errors++;
}
if(Object.keys(data1).length < 1){
const err6 = {instancePath:instancePath+"/environments",schemaPath:"#/properties/environments/minProperties",keyword:"minProperties",params:{limit: 1},message:"must NOT have fewer than 1 properties",schema:1,parentSchema:schema31.properties.environments,data:data1};
if(vErrors === null){
vErrors = [err6];
}
else {
vErrors.push(err6);
}
errors++;
}
for(const key1 in data1){
const _errs6 = errors;
if(typeof key1 === "string"){
if(!pattern5.test(key1)){
const err7 = {instancePath:instancePath+"/environments",schemaPath:"common.schema.json#/$defs/key/pattern",keyword:"pattern",params:{pattern: "^[a-z0-9][a-z0-9._-]{0,99}$"},message:"must match pattern \""+"^[a-z0-9][a-z0-9._-]{0,99}$"+"\"",schema:"^[a-z0-9][a-z0-9._-]{0,99}$",parentSchema:schema33,data:key1,propertyName:key1};
if(vErrors === null){
vErrors = [err7];
}
else {
vErrors.push(err7);
}
errors++;
}
}
else {
const err8 = {instancePath:instancePath+"/environments",schemaPath:"common.schema.json#/$defs/key/type",keyword:"type",params:{type: "string"},message:"must be string",schema:schema33.type,parentSchema:schema33,data:key1,propertyName:key1};
if(vErrors === null){
vErrors = [err8];
}
else {
vErrors.push(err8);
}
errors++;
}
var valid1 = _errs6 === errors;
if(!valid1){
const err9 = {instancePath:instancePath+"/environments",schemaPath:"#/properties/environments/propertyNames",keyword:"propertyNames",params:{propertyName: key1},message:"property name must be valid",schema:schema31.properties.environments.propertyNames,parentSchema:schema31.properties.environments,data:data1};
if(vErrors === null){
vErrors = [err9];
}
else {
vErrors.push(err9);
}
errors++;
}
}
for(const key2 in data1){
let data2 = data1[key2];
if(data2 && typeof data2 == "object" && !Array.isArray(data2)){
if(data2.salt === undefined){
const err10 = {instancePath:instancePath+"/environments/" + key2.replace(/~/g, "~0").replace(/\//g, "~1"),schemaPath:"#/properties/environments/additionalProperties/required",keyword:"required",params:{missingProperty: "salt"},message:"must have required property '"+"salt"+"'",schema:schema31.properties.environments.additionalProperties.required,parentSchema:schema31.properties.environments.additionalProperties,data:data2};
if(vErrors === null){
vErrors = [err10];
}
else {
vErrors.push(err10);
}
errors++;
}
for(const key3 in data2){
if(!(key3 === "salt")){
const err11 = {instancePath:instancePath+"/environments/" + key2.replace(/~/g, "~0").replace(/\//g, "~1"),schemaPath:"#/properties/environments/additionalProperties/additionalProperties",keyword:"additionalProperties",params:{additionalProperty: key3},message:"must NOT have additional properties",schema:false,parentSchema:schema31.properties.environments.additionalProperties,data:data2};
if(vErrors === null){
vErrors = [err11];
}
else {
vErrors.push(err11);
}
errors++;
}
}
if(data2.salt !== undefined){
let data3 = data2.salt;
if(typeof data3 === "string"){
if(func1(data3) > 100){
const err12 = {instancePath:instancePath+"/environments/" + key2.replace(/~/g, "~0").replace(/\//g, "~1")+"/salt",schemaPath:"#/properties/environments/additionalProperties/properties/salt/maxLength",keyword:"maxLength",params:{limit: 100},message:"must NOT have more than 100 characters",schema:100,parentSchema:schema31.properties.environments.additionalProperties.properties.salt,data:data3};
if(vErrors === null){
vErrors = [err12];
}
else {
vErrors.push(err12);
}
errors++;
}
if(func1(data3) < 1){
const err13 = {instancePath:instancePath+"/environments/" + key2.replace(/~/g, "~0").replace(/\//g, "~1")+"/salt",schemaPath:"#/properties/environments/additionalProperties/properties/salt/minLength",keyword:"minLength",params:{limit: 1},message:"must NOT have fewer than 1 characters",schema:1,parentSchema:schema31.properties.environments.additionalProperties.properties.salt,data:data3};
if(vErrors === null){
vErrors = [err13];
}
else {
vErrors.push(err13);
}
errors++;
}
}
else {
const err14 = {instancePath:instancePath+"/environments/" + key2.replace(/~/g, "~0").replace(/\//g, "~1")+"/salt",schemaPath:"#/properties/environments/additionalProperties/properties/salt/type",keyword:"type",params:{type: "string"},message:"must be string",schema:schema31.properties.environments.additionalProperties.properties.salt.type,parentSchema:schema31.properties.environments.additionalProperties.properties.salt,data:data3};
if(vErrors === null){
vErrors = [err14];
}
else {
vErrors.push(err14);
}
errors++;
}
}
}
else {
const err15 = {instancePath:instancePath+"/environments/" + key2.replace(/~/g, "~0").replace(/\//g, "~1"),schemaPath:"#/properties/environments/additionalProperties/type",keyword:"type",params:{type: "object"},message:"must be object",schema:schema31.properties.environments.additionalProperties.type,parentSchema:schema31.properties.environments.additionalProperties,data:data2};
if(vErrors === null){
vErrors = [err15];
}
else {
vErrors.push(err15);
}
errors++;
}
}
}
else {
const err16 = {instancePath:instancePath+"/environments",schemaPath:"#/properties/environments/type",keyword:"type",params:{type: "object"},message:"must be object",schema:schema31.properties.environments.type,parentSchema:schema31.properties.environments,data:data1};
if(vErrors === null){
vErrors = [err16];
}
else {
vErrors.push(err16);
}
errors++;
}
}
if(data.attributes !== undefined){
let data4 = data.attributes;
if(data4 && typeof data4 == "object" && !Array.isArray(data4)){
for(const key4 in data4){
const _errs17 = errors;
if(typeof key4 === "string"){
if(func1(key4) < 1){
const err17 = {instancePath:instancePath+"/attributes",schemaPath:"common.schema.json#/$defs/attributeName/minLength",keyword:"minLength",params:{limit: 1},message:"must NOT have fewer than 1 characters",schema:1,parentSchema:schema34,data:key4,propertyName:key4};
if(vErrors === null){
vErrors = [err17];
}
else {
vErrors.push(err17);
}
errors++;
}
}
else {
const err18 = {instancePath:instancePath+"/attributes",schemaPath:"common.schema.json#/$defs/attributeName/type",keyword:"type",params:{type: "string"},message:"must be string",schema:schema34.type,parentSchema:schema34,data:key4,propertyName:key4};
if(vErrors === null){
vErrors = [err18];
}
else {
vErrors.push(err18);
}
errors++;
}
var valid5 = _errs17 === errors;
if(!valid5){
const err19 = {instancePath:instancePath+"/attributes",schemaPath:"#/properties/attributes/propertyNames",keyword:"propertyNames",params:{propertyName: key4},message:"property name must be valid",schema:schema31.properties.attributes.propertyNames,parentSchema:schema31.properties.attributes,data:data4};
if(vErrors === null){
vErrors = [err19];
}
else {
vErrors.push(err19);
}
errors++;
}
}
for(const key5 in data4){
let data5 = data4[key5];
if(data5 && typeof data5 == "object" && !Array.isArray(data5)){
if(data5.type === undefined){
const err20 = {instancePath:instancePath+"/attributes/" + key5.replace(/~/g, "~0").replace(/\//g, "~1"),schemaPath:"#/properties/attributes/additionalProperties/required",keyword:"required",params:{missingProperty: "type"},message:"must have required property '"+"type"+"'",schema:schema31.properties.attributes.additionalProperties.required,parentSchema:schema31.properties.attributes.additionalProperties,data:data5};
if(vErrors === null){
vErrors = [err20];
}
else {
vErrors.push(err20);
}
errors++;
}
for(const key6 in data5){
if(!(((((key6 === "type") || (key6 === "values")) || (key6 === "list")) || (key6 === "personal")) || (key6 === "description"))){
const err21 = {instancePath:instancePath+"/attributes/" + key5.replace(/~/g, "~0").replace(/\//g, "~1"),schemaPath:"#/properties/attributes/additionalProperties/additionalProperties",keyword:"additionalProperties",params:{additionalProperty: key6},message:"must NOT have additional properties",schema:false,parentSchema:schema31.properties.attributes.additionalProperties,data:data5};
if(vErrors === null){
vErrors = [err21];
}
else {
vErrors.push(err21);
}
errors++;
}
}
if(data5.type !== undefined){
let data6 = data5.type;
if(!(((((data6 === "string") || (data6 === "number")) || (data6 === "boolean")) || (data6 === "semver")) || (data6 === "date"))){
const err22 = {instancePath:instancePath+"/attributes/" + key5.replace(/~/g, "~0").replace(/\//g, "~1")+"/type",schemaPath:"#/properties/attributes/additionalProperties/properties/type/enum",keyword:"enum",params:{allowedValues: schema31.properties.attributes.additionalProperties.properties.type.enum},message:"must be equal to one of the allowed values",schema:schema31.properties.attributes.additionalProperties.properties.type.enum,parentSchema:schema31.properties.attributes.additionalProperties.properties.type,data:data6};
if(vErrors === null){
vErrors = [err22];
}
else {
vErrors.push(err22);
}
errors++;
}
}
if(data5.values !== undefined){
let data7 = data5.values;
if(Array.isArray(data7)){
if(data7.length < 1){
const err23 = {instancePath:instancePath+"/attributes/" + key5.replace(/~/g, "~0").replace(/\//g, "~1")+"/values",schemaPath:"#/properties/attributes/additionalProperties/properties/values/minItems",keyword:"minItems",params:{limit: 1},message:"must NOT have fewer than 1 items",schema:1,parentSchema:schema31.properties.attributes.additionalProperties.properties.values,data:data7};
if(vErrors === null){
vErrors = [err23];
}
else {
vErrors.push(err23);
}
errors++;
}
const len0 = data7.length;
for(let i0=0; i0<len0; i0++){
let data8 = data7[i0];
if(((typeof data8 !== "string") && (!((typeof data8 == "number") && (isFinite(data8))))) && (typeof data8 !== "boolean")){
const err24 = {instancePath:instancePath+"/attributes/" + key5.replace(/~/g, "~0").replace(/\//g, "~1")+"/values/" + i0,schemaPath:"common.schema.json#/$defs/scalar/type",keyword:"type",params:{type: schema35.type},message:"must be string,number,boolean",schema:schema35.type,parentSchema:schema35,data:data8};
if(vErrors === null){
vErrors = [err24];
}
else {
vErrors.push(err24);
}
errors++;
}
}
}
else {
const err25 = {instancePath:instancePath+"/attributes/" + key5.replace(/~/g, "~0").replace(/\//g, "~1")+"/values",schemaPath:"#/properties/attributes/additionalProperties/properties/values/type",keyword:"type",params:{type: "array"},message:"must be array",schema:schema31.properties.attributes.additionalProperties.properties.values.type,parentSchema:schema31.properties.attributes.additionalProperties.properties.values,data:data7};
if(vErrors === null){
vErrors = [err25];
}
else {
vErrors.push(err25);
}
errors++;
}
}
if(data5.list !== undefined){
let data9 = data5.list;
if(typeof data9 !== "boolean"){
const err26 = {instancePath:instancePath+"/attributes/" + key5.replace(/~/g, "~0").replace(/\//g, "~1")+"/list",schemaPath:"#/properties/attributes/additionalProperties/properties/list/type",keyword:"type",params:{type: "boolean"},message:"must be boolean",schema:schema31.properties.attributes.additionalProperties.properties.list.type,parentSchema:schema31.properties.attributes.additionalProperties.properties.list,data:data9};
if(vErrors === null){
vErrors = [err26];
}
else {
vErrors.push(err26);
}
errors++;
}
}
if(data5.personal !== undefined){
let data10 = data5.personal;
if(typeof data10 !== "boolean"){
const err27 = {instancePath:instancePath+"/attributes/" + key5.replace(/~/g, "~0").replace(/\//g, "~1")+"/personal",schemaPath:"#/properties/attributes/additionalProperties/properties/personal/type",keyword:"type",params:{type: "boolean"},message:"must be boolean",schema:schema31.properties.attributes.additionalProperties.properties.personal.type,parentSchema:schema31.properties.attributes.additionalProperties.properties.personal,data:data10};
if(vErrors === null){
vErrors = [err27];
}
else {
vErrors.push(err27);
}
errors++;
}
}
if(data5.description !== undefined){
let data11 = data5.description;
if(typeof data11 !== "string"){
const err28 = {instancePath:instancePath+"/attributes/" + key5.replace(/~/g, "~0").replace(/\//g, "~1")+"/description",schemaPath:"#/properties/attributes/additionalProperties/properties/description/type",keyword:"type",params:{type: "string"},message:"must be string",schema:schema31.properties.attributes.additionalProperties.properties.description.type,parentSchema:schema31.properties.attributes.additionalProperties.properties.description,data:data11};
if(vErrors === null){
vErrors = [err28];
}
else {
vErrors.push(err28);
}
errors++;
}
}
}
else {
const err29 = {instancePath:instancePath+"/attributes/" + key5.replace(/~/g, "~0").replace(/\//g, "~1"),schemaPath:"#/properties/attributes/additionalProperties/type",keyword:"type",params:{type: "object"},message:"must be object",schema:schema31.properties.attributes.additionalProperties.type,parentSchema:schema31.properties.attributes.additionalProperties,data:data5};
if(vErrors === null){
vErrors = [err29];
}
else {
vErrors.push(err29);
}
errors++;
}
}
}
else {
const err30 = {instancePath:instancePath+"/attributes",schemaPath:"#/properties/attributes/type",keyword:"type",params:{type: "object"},message:"must be object",schema:schema31.properties.attributes.type,parentSchema:schema31.properties.attributes,data:data4};
if(vErrors === null){
vErrors = [err30];
}
else {
vErrors.push(err30);
}
errors++;
}
}
}
else {
const err31 = {instancePath,schemaPath:"#/type",keyword:"type",params:{type: "object"},message:"must be object",schema:schema31.type,parentSchema:schema31,data};
if(vErrors === null){
vErrors = [err31];
}
else {
vErrors.push(err31);
}
errors++;
}
validate20.errors = vErrors;
return errors === 0;
}
validate20.evaluated = {"props":true,"dynamicProps":false,"dynamicItems":false};

export const access = validate22;
const schema36 = {"$schema":"https://json-schema.org/draft/2020-12/schema","$id":"access.schema.json","title":"AccessDefinition","description":"The access policy: who may change what. A commit is judged by the policy that is applied, never by the one that it brings.","type":"object","required":["access","people","rules"],"additionalProperties":false,"properties":{"access":{"description":"The policy's format.","const":1},"people":{"description":"Who there is. A person is known by the keys that they sign with, never by an e-mail address.","type":"object","minProperties":1,"propertyNames":{"$ref":"common.schema.json#/$defs/key"},"additionalProperties":{"$ref":"#/$defs/person"}},"signatures":{"description":"required: a commit without a valid signature of a known key is refused. recorded: signatures are verified and recorded, and an unsigned commit needs approvals.","enum":["required","recorded"],"default":"required"},"trust":{"description":"Keys that vouch for others: a forge's merge key, say.","type":"array","items":{"type":"object","required":["key","vouches"],"additionalProperties":false,"properties":{"key":{"$ref":"#/$defs/fingerprint"},"vouches":{"description":"author: a commit that this key signs counts as signed by the person whose `emails` hold the author's address.","const":"author"}}}},"trailers":{"description":"trusted: a `Reviewed-by:` line of a commit's message counts as that person's approval. recorded: it is kept, and counts for nothing.","enum":["trusted","recorded"],"default":"recorded"},"revoked":{"description":"Keys that are worth nothing any more, whoever they belonged to.","type":"array","items":{"$ref":"#/$defs/fingerprint"}},"openpgp":{"description":"The public keys, armored, of those who sign with OpenPGP: a fingerprint alone cannot verify them.","type":"array","items":{"type":"string","pattern":"^-----BEGIN PGP PUBLIC KEY BLOCK-----[\\s\\S]*-----END PGP PUBLIC KEY BLOCK-----\\s*$"}},"rules":{"description":"The first rule that fits decides. What fits none is refused.","type":"array","minItems":1,"items":{"$ref":"#/$defs/accessRule"}}},"$defs":{"fingerprint":{"title":"KeyFingerprint","description":"An SSH key's fingerprint as `ssh-keygen -l` prints it (`SHA256:…`), or an OpenPGP key's in upper-case hex digits.","type":"string","pattern":"^(SHA256:[A-Za-z0-9+/]{43}|[0-9A-F]{40}|[0-9A-F]{64})$"},"role":{"title":"Role","description":"admin, developer, viewer, or a name of your own, a team's say.","$ref":"common.schema.json#/$defs/key"},"person":{"title":"Person","type":"object","required":["roles"],"additionalProperties":false,"properties":{"name":{"description":"As people call them.","type":"string"},"keys":{"description":"The keys that they sign with. Without any, they can do nothing but appear.","type":"array","items":{"$ref":"#/$defs/fingerprint"}},"roles":{"description":"What they are here: the rules say what each role may do.","type":"array","items":{"$ref":"#/$defs/role"}},"emails":{"description":"Their addresses as author, for commits that a trusted key vouches for. No patterns.","type":"array","items":{"description":"An address alone, such as bob@example.com.","type":"string","pattern":"^[^\\s<>*@]+@[^\\s<>*@]+$"}},"github":{"description":"Their login at GitHub, whose reviews count as theirs.","type":"string","minLength":1},"gitlab":{"description":"Their user name at GitLab, whose approvals count as theirs.","type":"string","minLength":1}}},"accessRule":{"title":"AccessRule","type":"object","required":["role","may"],"additionalProperties":false,"properties":{"role":{"$ref":"#/$defs/role"},"may":{"description":"change: definitions. change-access: this policy. override: set and lift emergency overrides.","type":"array","minItems":1,"uniqueItems":true,"items":{"title":"AccessAction","enum":["change","change-access","override"]}},"environments":{"description":"Only in these. Left out: in all.","type":"array","minItems":1,"items":{"$ref":"common.schema.json#/$defs/key"}},"paths":{"description":"Only files that one of these patterns names, relative to the definitions' folder: `*` stands for anything within a folder or file name, `**` for any number of folders. Left out: all.","type":"array","minItems":1,"items":{"type":"string","minLength":1,"maxLength":500}},"approvals":{"description":"How many other people must approve.","type":"integer","minimum":0,"maximum":10,"default":0}}}}};
const schema39 = {"title":"KeyFingerprint","description":"An SSH key's fingerprint as `ssh-keygen -l` prints it (`SHA256:…`), or an OpenPGP key's in upper-case hex digits.","type":"string","pattern":"^(SHA256:[A-Za-z0-9+/]{43}|[0-9A-F]{40}|[0-9A-F]{64})$"};
const pattern7 = new RegExp("^(SHA256:[A-Za-z0-9+/]{43}|[0-9A-F]{40}|[0-9A-F]{64})$", "u");
const pattern12 = new RegExp("^-----BEGIN PGP PUBLIC KEY BLOCK-----[\\s\\S]*-----END PGP PUBLIC KEY BLOCK-----\\s*$", "u");
const schema38 = {"title":"Person","type":"object","required":["roles"],"additionalProperties":false,"properties":{"name":{"description":"As people call them.","type":"string"},"keys":{"description":"The keys that they sign with. Without any, they can do nothing but appear.","type":"array","items":{"$ref":"#/$defs/fingerprint"}},"roles":{"description":"What they are here: the rules say what each role may do.","type":"array","items":{"$ref":"#/$defs/role"}},"emails":{"description":"Their addresses as author, for commits that a trusted key vouches for. No patterns.","type":"array","items":{"description":"An address alone, such as bob@example.com.","type":"string","pattern":"^[^\\s<>*@]+@[^\\s<>*@]+$"}},"github":{"description":"Their login at GitHub, whose reviews count as theirs.","type":"string","minLength":1},"gitlab":{"description":"Their user name at GitLab, whose approvals count as theirs.","type":"string","minLength":1}}};
const pattern9 = new RegExp("^[^\\s<>*@]+@[^\\s<>*@]+$", "u");

function validate23(data, {instancePath="", parentData, parentDataProperty, rootData=data, dynamicAnchors={}}={}){
let vErrors = null;
let errors = 0;
const evaluated0 = validate23.evaluated;
if(evaluated0.dynamicProps){
evaluated0.props = undefined;
}
if(evaluated0.dynamicItems){
evaluated0.items = undefined;
}
if(data && typeof data == "object" && !Array.isArray(data)){
if(data.roles === undefined){
const err0 = {instancePath,schemaPath:"#/required",keyword:"required",params:{missingProperty: "roles"},message:"must have required property '"+"roles"+"'",schema:schema38.required,parentSchema:schema38,data};
if(vErrors === null){
vErrors = [err0];
}
else {
vErrors.push(err0);
}
errors++;
}
for(const key0 in data){
if(!((((((key0 === "name") || (key0 === "keys")) || (key0 === "roles")) || (key0 === "emails")) || (key0 === "github")) || (key0 === "gitlab"))){
const err1 = {instancePath,schemaPath:"#/additionalProperties",keyword:"additionalProperties",params:{additionalProperty: key0},message:"must NOT have additional properties",schema:false,parentSchema:schema38,data};
if(vErrors === null){
vErrors = [err1];
}
else {
vErrors.push(err1);
}
errors++;
}
}
if(data.name !== undefined){
let data0 = data.name;
if(typeof data0 !== "string"){
const err2 = {instancePath:instancePath+"/name",schemaPath:"#/properties/name/type",keyword:"type",params:{type: "string"},message:"must be string",schema:schema38.properties.name.type,parentSchema:schema38.properties.name,data:data0};
if(vErrors === null){
vErrors = [err2];
}
else {
vErrors.push(err2);
}
errors++;
}
}
if(data.keys !== undefined){
let data1 = data.keys;
if(Array.isArray(data1)){
const len0 = data1.length;
for(let i0=0; i0<len0; i0++){
let data2 = data1[i0];
if(typeof data2 === "string"){
if(!pattern7.test(data2)){
const err3 = {instancePath:instancePath+"/keys/" + i0,schemaPath:"#/$defs/fingerprint/pattern",keyword:"pattern",params:{pattern: "^(SHA256:[A-Za-z0-9+/]{43}|[0-9A-F]{40}|[0-9A-F]{64})$"},message:"must match pattern \""+"^(SHA256:[A-Za-z0-9+/]{43}|[0-9A-F]{40}|[0-9A-F]{64})$"+"\"",schema:"^(SHA256:[A-Za-z0-9+/]{43}|[0-9A-F]{40}|[0-9A-F]{64})$",parentSchema:schema39,data:data2};
if(vErrors === null){
vErrors = [err3];
}
else {
vErrors.push(err3);
}
errors++;
}
}
else {
const err4 = {instancePath:instancePath+"/keys/" + i0,schemaPath:"#/$defs/fingerprint/type",keyword:"type",params:{type: "string"},message:"must be string",schema:schema39.type,parentSchema:schema39,data:data2};
if(vErrors === null){
vErrors = [err4];
}
else {
vErrors.push(err4);
}
errors++;
}
}
}
else {
const err5 = {instancePath:instancePath+"/keys",schemaPath:"#/properties/keys/type",keyword:"type",params:{type: "array"},message:"must be array",schema:schema38.properties.keys.type,parentSchema:schema38.properties.keys,data:data1};
if(vErrors === null){
vErrors = [err5];
}
else {
vErrors.push(err5);
}
errors++;
}
}
if(data.roles !== undefined){
let data3 = data.roles;
if(Array.isArray(data3)){
const len1 = data3.length;
for(let i1=0; i1<len1; i1++){
let data4 = data3[i1];
if(typeof data4 === "string"){
if(!pattern5.test(data4)){
const err6 = {instancePath:instancePath+"/roles/" + i1,schemaPath:"#/$defs/role/pattern",keyword:"pattern",params:{pattern: "^[a-z0-9][a-z0-9._-]{0,99}$"},message:"must match pattern \""+"^[a-z0-9][a-z0-9._-]{0,99}$"+"\"",schema:"^[a-z0-9][a-z0-9._-]{0,99}$",parentSchema:schema33,data:data4};
if(vErrors === null){
vErrors = [err6];
}
else {
vErrors.push(err6);
}
errors++;
}
}
else {
const err7 = {instancePath:instancePath+"/roles/" + i1,schemaPath:"#/$defs/role/type",keyword:"type",params:{type: "string"},message:"must be string",schema:schema33.type,parentSchema:schema33,data:data4};
if(vErrors === null){
vErrors = [err7];
}
else {
vErrors.push(err7);
}
errors++;
}
}
}
else {
const err8 = {instancePath:instancePath+"/roles",schemaPath:"#/properties/roles/type",keyword:"type",params:{type: "array"},message:"must be array",schema:schema38.properties.roles.type,parentSchema:schema38.properties.roles,data:data3};
if(vErrors === null){
vErrors = [err8];
}
else {
vErrors.push(err8);
}
errors++;
}
}
if(data.emails !== undefined){
let data5 = data.emails;
if(Array.isArray(data5)){
const len2 = data5.length;
for(let i2=0; i2<len2; i2++){
let data6 = data5[i2];
if(typeof data6 === "string"){
if(!pattern9.test(data6)){
const err9 = {instancePath:instancePath+"/emails/" + i2,schemaPath:"#/properties/emails/items/pattern",keyword:"pattern",params:{pattern: "^[^\\s<>*@]+@[^\\s<>*@]+$"},message:"must match pattern \""+"^[^\\s<>*@]+@[^\\s<>*@]+$"+"\"",schema:"^[^\\s<>*@]+@[^\\s<>*@]+$",parentSchema:schema38.properties.emails.items,data:data6};
if(vErrors === null){
vErrors = [err9];
}
else {
vErrors.push(err9);
}
errors++;
}
}
else {
const err10 = {instancePath:instancePath+"/emails/" + i2,schemaPath:"#/properties/emails/items/type",keyword:"type",params:{type: "string"},message:"must be string",schema:schema38.properties.emails.items.type,parentSchema:schema38.properties.emails.items,data:data6};
if(vErrors === null){
vErrors = [err10];
}
else {
vErrors.push(err10);
}
errors++;
}
}
}
else {
const err11 = {instancePath:instancePath+"/emails",schemaPath:"#/properties/emails/type",keyword:"type",params:{type: "array"},message:"must be array",schema:schema38.properties.emails.type,parentSchema:schema38.properties.emails,data:data5};
if(vErrors === null){
vErrors = [err11];
}
else {
vErrors.push(err11);
}
errors++;
}
}
if(data.github !== undefined){
let data7 = data.github;
if(typeof data7 === "string"){
if(func1(data7) < 1){
const err12 = {instancePath:instancePath+"/github",schemaPath:"#/properties/github/minLength",keyword:"minLength",params:{limit: 1},message:"must NOT have fewer than 1 characters",schema:1,parentSchema:schema38.properties.github,data:data7};
if(vErrors === null){
vErrors = [err12];
}
else {
vErrors.push(err12);
}
errors++;
}
}
else {
const err13 = {instancePath:instancePath+"/github",schemaPath:"#/properties/github/type",keyword:"type",params:{type: "string"},message:"must be string",schema:schema38.properties.github.type,parentSchema:schema38.properties.github,data:data7};
if(vErrors === null){
vErrors = [err13];
}
else {
vErrors.push(err13);
}
errors++;
}
}
if(data.gitlab !== undefined){
let data8 = data.gitlab;
if(typeof data8 === "string"){
if(func1(data8) < 1){
const err14 = {instancePath:instancePath+"/gitlab",schemaPath:"#/properties/gitlab/minLength",keyword:"minLength",params:{limit: 1},message:"must NOT have fewer than 1 characters",schema:1,parentSchema:schema38.properties.gitlab,data:data8};
if(vErrors === null){
vErrors = [err14];
}
else {
vErrors.push(err14);
}
errors++;
}
}
else {
const err15 = {instancePath:instancePath+"/gitlab",schemaPath:"#/properties/gitlab/type",keyword:"type",params:{type: "string"},message:"must be string",schema:schema38.properties.gitlab.type,parentSchema:schema38.properties.gitlab,data:data8};
if(vErrors === null){
vErrors = [err15];
}
else {
vErrors.push(err15);
}
errors++;
}
}
}
else {
const err16 = {instancePath,schemaPath:"#/type",keyword:"type",params:{type: "object"},message:"must be object",schema:schema38.type,parentSchema:schema38,data};
if(vErrors === null){
vErrors = [err16];
}
else {
vErrors.push(err16);
}
errors++;
}
validate23.errors = vErrors;
return errors === 0;
}
validate23.evaluated = {"props":true,"dynamicProps":false,"dynamicItems":false};

const schema43 = {"title":"AccessRule","type":"object","required":["role","may"],"additionalProperties":false,"properties":{"role":{"$ref":"#/$defs/role"},"may":{"description":"change: definitions. change-access: this policy. override: set and lift emergency overrides.","type":"array","minItems":1,"uniqueItems":true,"items":{"title":"AccessAction","enum":["change","change-access","override"]}},"environments":{"description":"Only in these. Left out: in all.","type":"array","minItems":1,"items":{"$ref":"common.schema.json#/$defs/key"}},"paths":{"description":"Only files that one of these patterns names, relative to the definitions' folder: `*` stands for anything within a folder or file name, `**` for any number of folders. Left out: all.","type":"array","minItems":1,"items":{"type":"string","minLength":1,"maxLength":500}},"approvals":{"description":"How many other people must approve.","type":"integer","minimum":0,"maximum":10,"default":0}}};
import func0_ from 'ajv/dist/runtime/equal.js';
const func0 = func0_.default;

function validate25(data, {instancePath="", parentData, parentDataProperty, rootData=data, dynamicAnchors={}}={}){
let vErrors = null;
let errors = 0;
const evaluated0 = validate25.evaluated;
if(evaluated0.dynamicProps){
evaluated0.props = undefined;
}
if(evaluated0.dynamicItems){
evaluated0.items = undefined;
}
if(data && typeof data == "object" && !Array.isArray(data)){
if(data.role === undefined){
const err0 = {instancePath,schemaPath:"#/required",keyword:"required",params:{missingProperty: "role"},message:"must have required property '"+"role"+"'",schema:schema43.required,parentSchema:schema43,data};
if(vErrors === null){
vErrors = [err0];
}
else {
vErrors.push(err0);
}
errors++;
}
if(data.may === undefined){
const err1 = {instancePath,schemaPath:"#/required",keyword:"required",params:{missingProperty: "may"},message:"must have required property '"+"may"+"'",schema:schema43.required,parentSchema:schema43,data};
if(vErrors === null){
vErrors = [err1];
}
else {
vErrors.push(err1);
}
errors++;
}
for(const key0 in data){
if(!(((((key0 === "role") || (key0 === "may")) || (key0 === "environments")) || (key0 === "paths")) || (key0 === "approvals"))){
const err2 = {instancePath,schemaPath:"#/additionalProperties",keyword:"additionalProperties",params:{additionalProperty: key0},message:"must NOT have additional properties",schema:false,parentSchema:schema43,data};
if(vErrors === null){
vErrors = [err2];
}
else {
vErrors.push(err2);
}
errors++;
}
}
if(data.role !== undefined){
let data0 = data.role;
if(typeof data0 === "string"){
if(!pattern5.test(data0)){
const err3 = {instancePath:instancePath+"/role",schemaPath:"#/$defs/role/pattern",keyword:"pattern",params:{pattern: "^[a-z0-9][a-z0-9._-]{0,99}$"},message:"must match pattern \""+"^[a-z0-9][a-z0-9._-]{0,99}$"+"\"",schema:"^[a-z0-9][a-z0-9._-]{0,99}$",parentSchema:schema33,data:data0};
if(vErrors === null){
vErrors = [err3];
}
else {
vErrors.push(err3);
}
errors++;
}
}
else {
const err4 = {instancePath:instancePath+"/role",schemaPath:"#/$defs/role/type",keyword:"type",params:{type: "string"},message:"must be string",schema:schema33.type,parentSchema:schema33,data:data0};
if(vErrors === null){
vErrors = [err4];
}
else {
vErrors.push(err4);
}
errors++;
}
}
if(data.may !== undefined){
let data1 = data.may;
if(Array.isArray(data1)){
if(data1.length < 1){
const err5 = {instancePath:instancePath+"/may",schemaPath:"#/properties/may/minItems",keyword:"minItems",params:{limit: 1},message:"must NOT have fewer than 1 items",schema:1,parentSchema:schema43.properties.may,data:data1};
if(vErrors === null){
vErrors = [err5];
}
else {
vErrors.push(err5);
}
errors++;
}
const len0 = data1.length;
for(let i0=0; i0<len0; i0++){
let data2 = data1[i0];
if(!(((data2 === "change") || (data2 === "change-access")) || (data2 === "override"))){
const err6 = {instancePath:instancePath+"/may/" + i0,schemaPath:"#/properties/may/items/enum",keyword:"enum",params:{allowedValues: schema43.properties.may.items.enum},message:"must be equal to one of the allowed values",schema:schema43.properties.may.items.enum,parentSchema:schema43.properties.may.items,data:data2};
if(vErrors === null){
vErrors = [err6];
}
else {
vErrors.push(err6);
}
errors++;
}
}
let i1 = data1.length;
let j0;
if(i1 > 1){
outer0:
for(;i1--;){
for(j0 = i1; j0--;){
if(func0(data1[i1], data1[j0])){
const err7 = {instancePath:instancePath+"/may",schemaPath:"#/properties/may/uniqueItems",keyword:"uniqueItems",params:{i: i1, j: j0},message:"must NOT have duplicate items (items ## "+j0+" and "+i1+" are identical)",schema:true,parentSchema:schema43.properties.may,data:data1};
if(vErrors === null){
vErrors = [err7];
}
else {
vErrors.push(err7);
}
errors++;
break outer0;
}
}
}
}
}
else {
const err8 = {instancePath:instancePath+"/may",schemaPath:"#/properties/may/type",keyword:"type",params:{type: "array"},message:"must be array",schema:schema43.properties.may.type,parentSchema:schema43.properties.may,data:data1};
if(vErrors === null){
vErrors = [err8];
}
else {
vErrors.push(err8);
}
errors++;
}
}
if(data.environments !== undefined){
let data3 = data.environments;
if(Array.isArray(data3)){
if(data3.length < 1){
const err9 = {instancePath:instancePath+"/environments",schemaPath:"#/properties/environments/minItems",keyword:"minItems",params:{limit: 1},message:"must NOT have fewer than 1 items",schema:1,parentSchema:schema43.properties.environments,data:data3};
if(vErrors === null){
vErrors = [err9];
}
else {
vErrors.push(err9);
}
errors++;
}
const len1 = data3.length;
for(let i2=0; i2<len1; i2++){
let data4 = data3[i2];
if(typeof data4 === "string"){
if(!pattern5.test(data4)){
const err10 = {instancePath:instancePath+"/environments/" + i2,schemaPath:"common.schema.json#/$defs/key/pattern",keyword:"pattern",params:{pattern: "^[a-z0-9][a-z0-9._-]{0,99}$"},message:"must match pattern \""+"^[a-z0-9][a-z0-9._-]{0,99}$"+"\"",schema:"^[a-z0-9][a-z0-9._-]{0,99}$",parentSchema:schema33,data:data4};
if(vErrors === null){
vErrors = [err10];
}
else {
vErrors.push(err10);
}
errors++;
}
}
else {
const err11 = {instancePath:instancePath+"/environments/" + i2,schemaPath:"common.schema.json#/$defs/key/type",keyword:"type",params:{type: "string"},message:"must be string",schema:schema33.type,parentSchema:schema33,data:data4};
if(vErrors === null){
vErrors = [err11];
}
else {
vErrors.push(err11);
}
errors++;
}
}
}
else {
const err12 = {instancePath:instancePath+"/environments",schemaPath:"#/properties/environments/type",keyword:"type",params:{type: "array"},message:"must be array",schema:schema43.properties.environments.type,parentSchema:schema43.properties.environments,data:data3};
if(vErrors === null){
vErrors = [err12];
}
else {
vErrors.push(err12);
}
errors++;
}
}
if(data.paths !== undefined){
let data5 = data.paths;
if(Array.isArray(data5)){
if(data5.length < 1){
const err13 = {instancePath:instancePath+"/paths",schemaPath:"#/properties/paths/minItems",keyword:"minItems",params:{limit: 1},message:"must NOT have fewer than 1 items",schema:1,parentSchema:schema43.properties.paths,data:data5};
if(vErrors === null){
vErrors = [err13];
}
else {
vErrors.push(err13);
}
errors++;
}
const len2 = data5.length;
for(let i3=0; i3<len2; i3++){
let data6 = data5[i3];
if(typeof data6 === "string"){
if(func1(data6) > 500){
const err14 = {instancePath:instancePath+"/paths/" + i3,schemaPath:"#/properties/paths/items/maxLength",keyword:"maxLength",params:{limit: 500},message:"must NOT have more than 500 characters",schema:500,parentSchema:schema43.properties.paths.items,data:data6};
if(vErrors === null){
vErrors = [err14];
}
else {
vErrors.push(err14);
}
errors++;
}
if(func1(data6) < 1){
const err15 = {instancePath:instancePath+"/paths/" + i3,schemaPath:"#/properties/paths/items/minLength",keyword:"minLength",params:{limit: 1},message:"must NOT have fewer than 1 characters",schema:1,parentSchema:schema43.properties.paths.items,data:data6};
if(vErrors === null){
vErrors = [err15];
}
else {
vErrors.push(err15);
}
errors++;
}
}
else {
const err16 = {instancePath:instancePath+"/paths/" + i3,schemaPath:"#/properties/paths/items/type",keyword:"type",params:{type: "string"},message:"must be string",schema:schema43.properties.paths.items.type,parentSchema:schema43.properties.paths.items,data:data6};
if(vErrors === null){
vErrors = [err16];
}
else {
vErrors.push(err16);
}
errors++;
}
}
}
else {
const err17 = {instancePath:instancePath+"/paths",schemaPath:"#/properties/paths/type",keyword:"type",params:{type: "array"},message:"must be array",schema:schema43.properties.paths.type,parentSchema:schema43.properties.paths,data:data5};
if(vErrors === null){
vErrors = [err17];
}
else {
vErrors.push(err17);
}
errors++;
}
}
if(data.approvals !== undefined){
let data7 = data.approvals;
if(!(((typeof data7 == "number") && (!(data7 % 1) && !isNaN(data7))) && (isFinite(data7)))){
const err18 = {instancePath:instancePath+"/approvals",schemaPath:"#/properties/approvals/type",keyword:"type",params:{type: "integer"},message:"must be integer",schema:schema43.properties.approvals.type,parentSchema:schema43.properties.approvals,data:data7};
if(vErrors === null){
vErrors = [err18];
}
else {
vErrors.push(err18);
}
errors++;
}
if((typeof data7 == "number") && (isFinite(data7))){
if(data7 > 10 || isNaN(data7)){
const err19 = {instancePath:instancePath+"/approvals",schemaPath:"#/properties/approvals/maximum",keyword:"maximum",params:{comparison: "<=", limit: 10},message:"must be <= 10",schema:10,parentSchema:schema43.properties.approvals,data:data7};
if(vErrors === null){
vErrors = [err19];
}
else {
vErrors.push(err19);
}
errors++;
}
if(data7 < 0 || isNaN(data7)){
const err20 = {instancePath:instancePath+"/approvals",schemaPath:"#/properties/approvals/minimum",keyword:"minimum",params:{comparison: ">=", limit: 0},message:"must be >= 0",schema:0,parentSchema:schema43.properties.approvals,data:data7};
if(vErrors === null){
vErrors = [err20];
}
else {
vErrors.push(err20);
}
errors++;
}
}
}
}
else {
const err21 = {instancePath,schemaPath:"#/type",keyword:"type",params:{type: "object"},message:"must be object",schema:schema43.type,parentSchema:schema43,data};
if(vErrors === null){
vErrors = [err21];
}
else {
vErrors.push(err21);
}
errors++;
}
validate25.errors = vErrors;
return errors === 0;
}
validate25.evaluated = {"props":true,"dynamicProps":false,"dynamicItems":false};


function validate22(data, {instancePath="", parentData, parentDataProperty, rootData=data, dynamicAnchors={}}={}){
/*# sourceURL="access.schema.json" */;
let vErrors = null;
let errors = 0;
const evaluated0 = validate22.evaluated;
if(evaluated0.dynamicProps){
evaluated0.props = undefined;
}
if(evaluated0.dynamicItems){
evaluated0.items = undefined;
}
if(data && typeof data == "object" && !Array.isArray(data)){
if(data.access === undefined){
const err0 = {instancePath,schemaPath:"#/required",keyword:"required",params:{missingProperty: "access"},message:"must have required property '"+"access"+"'",schema:schema36.required,parentSchema:schema36,data};
if(vErrors === null){
vErrors = [err0];
}
else {
vErrors.push(err0);
}
errors++;
}
if(data.people === undefined){
const err1 = {instancePath,schemaPath:"#/required",keyword:"required",params:{missingProperty: "people"},message:"must have required property '"+"people"+"'",schema:schema36.required,parentSchema:schema36,data};
if(vErrors === null){
vErrors = [err1];
}
else {
vErrors.push(err1);
}
errors++;
}
if(data.rules === undefined){
const err2 = {instancePath,schemaPath:"#/required",keyword:"required",params:{missingProperty: "rules"},message:"must have required property '"+"rules"+"'",schema:schema36.required,parentSchema:schema36,data};
if(vErrors === null){
vErrors = [err2];
}
else {
vErrors.push(err2);
}
errors++;
}
for(const key0 in data){
if(!((((((((key0 === "access") || (key0 === "people")) || (key0 === "signatures")) || (key0 === "trust")) || (key0 === "trailers")) || (key0 === "revoked")) || (key0 === "openpgp")) || (key0 === "rules"))){
const err3 = {instancePath,schemaPath:"#/additionalProperties",keyword:"additionalProperties",params:{additionalProperty: key0},message:"must NOT have additional properties",schema:false,parentSchema:schema36,data};
if(vErrors === null){
vErrors = [err3];
}
else {
vErrors.push(err3);
}
errors++;
}
}
if(data.access !== undefined){
let data0 = data.access;
if(1 !== data0){
const err4 = {instancePath:instancePath+"/access",schemaPath:"#/properties/access/const",keyword:"const",params:{allowedValue: 1},message:"must be equal to constant",schema:1,parentSchema:schema36.properties.access,data:data0};
if(vErrors === null){
vErrors = [err4];
}
else {
vErrors.push(err4);
}
errors++;
}
}
if(data.people !== undefined){
let data1 = data.people;
if(data1 && typeof data1 == "object" && !Array.isArray(data1)){
if(Object.keys(data1).length < 1){
const err5 = {instancePath:instancePath+"/people",schemaPath:"#/properties/people/minProperties",keyword:"minProperties",params:{limit: 1},message:"must NOT have fewer than 1 properties",schema:1,parentSchema:schema36.properties.people,data:data1};
if(vErrors === null){
vErrors = [err5];
}
else {
vErrors.push(err5);
}
errors++;
}
for(const key1 in data1){
const _errs5 = errors;
if(typeof key1 === "string"){
if(!pattern5.test(key1)){
const err6 = {instancePath:instancePath+"/people",schemaPath:"common.schema.json#/$defs/key/pattern",keyword:"pattern",params:{pattern: "^[a-z0-9][a-z0-9._-]{0,99}$"},message:"must match pattern \""+"^[a-z0-9][a-z0-9._-]{0,99}$"+"\"",schema:"^[a-z0-9][a-z0-9._-]{0,99}$",parentSchema:schema33,data:key1,propertyName:key1};
if(vErrors === null){
vErrors = [err6];
}
else {
vErrors.push(err6);
}
errors++;
}
}
else {
const err7 = {instancePath:instancePath+"/people",schemaPath:"common.schema.json#/$defs/key/type",keyword:"type",params:{type: "string"},message:"must be string",schema:schema33.type,parentSchema:schema33,data:key1,propertyName:key1};
if(vErrors === null){
vErrors = [err7];
}
else {
vErrors.push(err7);
}
errors++;
}
var valid1 = _errs5 === errors;
if(!valid1){
const err8 = {instancePath:instancePath+"/people",schemaPath:"#/properties/people/propertyNames",keyword:"propertyNames",params:{propertyName: key1},message:"property name must be valid",schema:schema36.properties.people.propertyNames,parentSchema:schema36.properties.people,data:data1};
if(vErrors === null){
vErrors = [err8];
}
else {
vErrors.push(err8);
}
errors++;
}
}
for(const key2 in data1){
if(!(validate23(data1[key2], {instancePath:instancePath+"/people/" + key2.replace(/~/g, "~0").replace(/\//g, "~1"),parentData:data1,parentDataProperty:key2,rootData,dynamicAnchors}))){
if (vErrors === null) vErrors = validate23.errors; else for (const error of validate23.errors) vErrors.push(error);
errors = vErrors.length;
}
}
}
else {
const err9 = {instancePath:instancePath+"/people",schemaPath:"#/properties/people/type",keyword:"type",params:{type: "object"},message:"must be object",schema:schema36.properties.people.type,parentSchema:schema36.properties.people,data:data1};
if(vErrors === null){
vErrors = [err9];
}
else {
vErrors.push(err9);
}
errors++;
}
}
if(data.signatures !== undefined){
let data3 = data.signatures;
if(!((data3 === "required") || (data3 === "recorded"))){
const err10 = {instancePath:instancePath+"/signatures",schemaPath:"#/properties/signatures/enum",keyword:"enum",params:{allowedValues: schema36.properties.signatures.enum},message:"must be equal to one of the allowed values",schema:schema36.properties.signatures.enum,parentSchema:schema36.properties.signatures,data:data3};
if(vErrors === null){
vErrors = [err10];
}
else {
vErrors.push(err10);
}
errors++;
}
}
if(data.trust !== undefined){
let data4 = data.trust;
if(Array.isArray(data4)){
const len0 = data4.length;
for(let i0=0; i0<len0; i0++){
let data5 = data4[i0];
if(data5 && typeof data5 == "object" && !Array.isArray(data5)){
if(data5.key === undefined){
const err11 = {instancePath:instancePath+"/trust/" + i0,schemaPath:"#/properties/trust/items/required",keyword:"required",params:{missingProperty: "key"},message:"must have required property '"+"key"+"'",schema:schema36.properties.trust.items.required,parentSchema:schema36.properties.trust.items,data:data5};
if(vErrors === null){
vErrors = [err11];
}
else {
vErrors.push(err11);
}
errors++;
}
if(data5.vouches === undefined){
const err12 = {instancePath:instancePath+"/trust/" + i0,schemaPath:"#/properties/trust/items/required",keyword:"required",params:{missingProperty: "vouches"},message:"must have required property '"+"vouches"+"'",schema:schema36.properties.trust.items.required,parentSchema:schema36.properties.trust.items,data:data5};
if(vErrors === null){
vErrors = [err12];
}
else {
vErrors.push(err12);
}
errors++;
}
for(const key3 in data5){
if(!((key3 === "key") || (key3 === "vouches"))){
const err13 = {instancePath:instancePath+"/trust/" + i0,schemaPath:"#/properties/trust/items/additionalProperties",keyword:"additionalProperties",params:{additionalProperty: key3},message:"must NOT have additional properties",schema:false,parentSchema:schema36.properties.trust.items,data:data5};
if(vErrors === null){
vErrors = [err13];
}
else {
vErrors.push(err13);
}
errors++;
}
}
if(data5.key !== undefined){
let data6 = data5.key;
if(typeof data6 === "string"){
if(!pattern7.test(data6)){
const err14 = {instancePath:instancePath+"/trust/" + i0+"/key",schemaPath:"#/$defs/fingerprint/pattern",keyword:"pattern",params:{pattern: "^(SHA256:[A-Za-z0-9+/]{43}|[0-9A-F]{40}|[0-9A-F]{64})$"},message:"must match pattern \""+"^(SHA256:[A-Za-z0-9+/]{43}|[0-9A-F]{40}|[0-9A-F]{64})$"+"\"",schema:"^(SHA256:[A-Za-z0-9+/]{43}|[0-9A-F]{40}|[0-9A-F]{64})$",parentSchema:schema39,data:data6};
if(vErrors === null){
vErrors = [err14];
}
else {
vErrors.push(err14);
}
errors++;
}
}
else {
const err15 = {instancePath:instancePath+"/trust/" + i0+"/key",schemaPath:"#/$defs/fingerprint/type",keyword:"type",params:{type: "string"},message:"must be string",schema:schema39.type,parentSchema:schema39,data:data6};
if(vErrors === null){
vErrors = [err15];
}
else {
vErrors.push(err15);
}
errors++;
}
}
if(data5.vouches !== undefined){
let data7 = data5.vouches;
if("author" !== data7){
const err16 = {instancePath:instancePath+"/trust/" + i0+"/vouches",schemaPath:"#/properties/trust/items/properties/vouches/const",keyword:"const",params:{allowedValue: "author"},message:"must be equal to constant",schema:"author",parentSchema:schema36.properties.trust.items.properties.vouches,data:data7};
if(vErrors === null){
vErrors = [err16];
}
else {
vErrors.push(err16);
}
errors++;
}
}
}
else {
const err17 = {instancePath:instancePath+"/trust/" + i0,schemaPath:"#/properties/trust/items/type",keyword:"type",params:{type: "object"},message:"must be object",schema:schema36.properties.trust.items.type,parentSchema:schema36.properties.trust.items,data:data5};
if(vErrors === null){
vErrors = [err17];
}
else {
vErrors.push(err17);
}
errors++;
}
}
}
else {
const err18 = {instancePath:instancePath+"/trust",schemaPath:"#/properties/trust/type",keyword:"type",params:{type: "array"},message:"must be array",schema:schema36.properties.trust.type,parentSchema:schema36.properties.trust,data:data4};
if(vErrors === null){
vErrors = [err18];
}
else {
vErrors.push(err18);
}
errors++;
}
}
if(data.trailers !== undefined){
let data8 = data.trailers;
if(!((data8 === "trusted") || (data8 === "recorded"))){
const err19 = {instancePath:instancePath+"/trailers",schemaPath:"#/properties/trailers/enum",keyword:"enum",params:{allowedValues: schema36.properties.trailers.enum},message:"must be equal to one of the allowed values",schema:schema36.properties.trailers.enum,parentSchema:schema36.properties.trailers,data:data8};
if(vErrors === null){
vErrors = [err19];
}
else {
vErrors.push(err19);
}
errors++;
}
}
if(data.revoked !== undefined){
let data9 = data.revoked;
if(Array.isArray(data9)){
const len1 = data9.length;
for(let i1=0; i1<len1; i1++){
let data10 = data9[i1];
if(typeof data10 === "string"){
if(!pattern7.test(data10)){
const err20 = {instancePath:instancePath+"/revoked/" + i1,schemaPath:"#/$defs/fingerprint/pattern",keyword:"pattern",params:{pattern: "^(SHA256:[A-Za-z0-9+/]{43}|[0-9A-F]{40}|[0-9A-F]{64})$"},message:"must match pattern \""+"^(SHA256:[A-Za-z0-9+/]{43}|[0-9A-F]{40}|[0-9A-F]{64})$"+"\"",schema:"^(SHA256:[A-Za-z0-9+/]{43}|[0-9A-F]{40}|[0-9A-F]{64})$",parentSchema:schema39,data:data10};
if(vErrors === null){
vErrors = [err20];
}
else {
vErrors.push(err20);
}
errors++;
}
}
else {
const err21 = {instancePath:instancePath+"/revoked/" + i1,schemaPath:"#/$defs/fingerprint/type",keyword:"type",params:{type: "string"},message:"must be string",schema:schema39.type,parentSchema:schema39,data:data10};
if(vErrors === null){
vErrors = [err21];
}
else {
vErrors.push(err21);
}
errors++;
}
}
}
else {
const err22 = {instancePath:instancePath+"/revoked",schemaPath:"#/properties/revoked/type",keyword:"type",params:{type: "array"},message:"must be array",schema:schema36.properties.revoked.type,parentSchema:schema36.properties.revoked,data:data9};
if(vErrors === null){
vErrors = [err22];
}
else {
vErrors.push(err22);
}
errors++;
}
}
if(data.openpgp !== undefined){
let data11 = data.openpgp;
if(Array.isArray(data11)){
const len2 = data11.length;
for(let i2=0; i2<len2; i2++){
let data12 = data11[i2];
if(typeof data12 === "string"){
if(!pattern12.test(data12)){
const err23 = {instancePath:instancePath+"/openpgp/" + i2,schemaPath:"#/properties/openpgp/items/pattern",keyword:"pattern",params:{pattern: "^-----BEGIN PGP PUBLIC KEY BLOCK-----[\\s\\S]*-----END PGP PUBLIC KEY BLOCK-----\\s*$"},message:"must match pattern \""+"^-----BEGIN PGP PUBLIC KEY BLOCK-----[\\s\\S]*-----END PGP PUBLIC KEY BLOCK-----\\s*$"+"\"",schema:"^-----BEGIN PGP PUBLIC KEY BLOCK-----[\\s\\S]*-----END PGP PUBLIC KEY BLOCK-----\\s*$",parentSchema:schema36.properties.openpgp.items,data:data12};
if(vErrors === null){
vErrors = [err23];
}
else {
vErrors.push(err23);
}
errors++;
}
}
else {
const err24 = {instancePath:instancePath+"/openpgp/" + i2,schemaPath:"#/properties/openpgp/items/type",keyword:"type",params:{type: "string"},message:"must be string",schema:schema36.properties.openpgp.items.type,parentSchema:schema36.properties.openpgp.items,data:data12};
if(vErrors === null){
vErrors = [err24];
}
else {
vErrors.push(err24);
}
errors++;
}
}
}
else {
const err25 = {instancePath:instancePath+"/openpgp",schemaPath:"#/properties/openpgp/type",keyword:"type",params:{type: "array"},message:"must be array",schema:schema36.properties.openpgp.type,parentSchema:schema36.properties.openpgp,data:data11};
if(vErrors === null){
vErrors = [err25];
}
else {
vErrors.push(err25);
}
errors++;
}
}
if(data.rules !== undefined){
let data13 = data.rules;
if(Array.isArray(data13)){
if(data13.length < 1){
const err26 = {instancePath:instancePath+"/rules",schemaPath:"#/properties/rules/minItems",keyword:"minItems",params:{limit: 1},message:"must NOT have fewer than 1 items",schema:1,parentSchema:schema36.properties.rules,data:data13};
if(vErrors === null){
vErrors = [err26];
}
else {
vErrors.push(err26);
}
errors++;
}
const len3 = data13.length;
for(let i3=0; i3<len3; i3++){
if(!(validate25(data13[i3], {instancePath:instancePath+"/rules/" + i3,parentData:data13,parentDataProperty:i3,rootData,dynamicAnchors}))){
if (vErrors === null) vErrors = validate25.errors; else for (const error of validate25.errors) vErrors.push(error);
errors = vErrors.length;
}
}
}
else {
const err27 = {instancePath:instancePath+"/rules",schemaPath:"#/properties/rules/type",keyword:"type",params:{type: "array"},message:"must be array",schema:schema36.properties.rules.type,parentSchema:schema36.properties.rules,data:data13};
if(vErrors === null){
vErrors = [err27];
}
else {
vErrors.push(err27);
}
errors++;
}
}
}
else {
const err28 = {instancePath,schemaPath:"#/type",keyword:"type",params:{type: "object"},message:"must be object",schema:schema36.type,parentSchema:schema36,data};
if(vErrors === null){
vErrors = [err28];
}
else {
vErrors.push(err28);
}
errors++;
}
validate22.errors = vErrors;
return errors === 0;
}
validate22.evaluated = {"props":true,"dynamicProps":false,"dynamicItems":false};

export const flag = validate27;
const schema46 = {"$schema":"https://json-schema.org/draft/2020-12/schema","$id":"flag.schema.json","title":"FlagDefinition","description":"A feature flag: its variations, and who gets which one in each environment.","type":"object","required":["flag","type","environments"],"oneOf":[{"required":["expires"]},{"required":["permanent"]}],"additionalProperties":false,"properties":{"flag":{"$ref":"common.schema.json#/$defs/key","description":"The flag's key, which is also the file's name."},"description":{"description":"What the flag does, for the people who read it in a year.","type":"string"},"owner":{"description":"The team or person who answers for the flag.","type":"string"},"tags":{"description":"Free words to find flags by.","type":"array","items":{"type":"string"}},"expires":{"description":"The day by which a temporary flag is to be gone, as YYYY-MM-DD. Either this or `permanent: true`.","type":"string","pattern":"^\\d{4}-\\d{2}-\\d{2}$"},"permanent":{"description":"The flag stays for good (a kill switch, a setting).","const":true},"type":{"description":"The type of the flag's value.","enum":["boolean","string","number","json"]},"variations":{"description":"The values that the flag can have, by name. A boolean flag has { on: true, off: false } unless it says otherwise; other types must list theirs.","type":"object","minProperties":1,"propertyNames":{"$ref":"common.schema.json#/$defs/key"},"additionalProperties":{"description":"The variation's value: anything of the flag's type but null.","type":["boolean","string","number","object","array"]}},"off":{"$ref":"common.schema.json#/$defs/key","description":"The variation served while the flag is disabled or a requirement is unmet. A boolean flag takes its variation named `off`; otherwise none means that the app's own default stands."},"unit":{"$ref":"common.schema.json#/$defs/attributeName","description":"The attribute whose value decides the bucket (default `targetingKey`)."},"requires":{"description":"Prerequisites: flags that must give these variations for the same context, else the flag is off.","type":"array","items":{"title":"Requirement","type":"object","required":["flag","variation"],"additionalProperties":false,"properties":{"flag":{"$ref":"common.schema.json#/$defs/key","description":"The required flag's key."},"variation":{"$ref":"common.schema.json#/$defs/key","description":"The variation that it must give."}}}},"environments":{"description":"Who gets what, by environment. An environment that is not named here is disabled.","type":"object","propertyNames":{"$ref":"common.schema.json#/$defs/key"},"additionalProperties":{"$ref":"#/$defs/flagEnvironment"}}},"$defs":{"flagEnvironment":{"title":"FlagEnvironment","description":"Targets come first, then the first rule that holds, then everyone else: `serve`, `rollout` or `experiment`.","type":"object","additionalProperties":false,"dependentRequired":{"percent":["serve"],"ramp":["serve"],"linear":["ramp"]},"allOf":[{"not":{"required":["serve","rollout"]}},{"not":{"required":["serve","experiment"]}},{"not":{"required":["rollout","experiment"]}},{"not":{"required":["percent","ramp"]}}],"properties":{"enabled":{"description":"false is the kill switch: everyone gets the `off` variation.","type":"boolean"},"targets":{"description":"Units that get a variation whatever the rules say, by variation. Each unit once.","type":"object","propertyNames":{"$ref":"common.schema.json#/$defs/key"},"additionalProperties":{"$ref":"common.schema.json#/$defs/unitList"}},"rules":{"description":"The first rule that holds and takes the unit decides.","type":"array","items":{"$ref":"#/$defs/rule"}},"serve":{"$ref":"common.schema.json#/$defs/key","description":"Everyone else gets this variation."},"percent":{"$ref":"common.schema.json#/$defs/percent","description":"Only this share of everyone else gets it; the others get the `off` variation."},"ramp":{"$ref":"#/$defs/ramp"},"linear":{"$ref":"#/$defs/linear"},"rollout":{"$ref":"#/$defs/rollout"},"experiment":{"$ref":"common.schema.json#/$defs/key","description":"Everyone else takes part in this experiment."}}},"rule":{"title":"Rule","type":"object","required":["then"],"additionalProperties":false,"properties":{"name":{"description":"Shown in every decision that this rule makes, in logs and in plans.","type":"string","minLength":1,"maxLength":200},"if":{"$ref":"common.schema.json#/$defs/condition","description":"Whom the rule is for. A rule without `if` holds for everyone."},"from":{"$ref":"#/$defs/instant","description":"The rule holds from this instant on, such as 2026-12-24T00:00:00Z (RFC 3339). Without it: from ever."},"until":{"$ref":"#/$defs/instant","description":"The rule holds until this instant and no longer at it (RFC 3339). Without it: for ever."},"then":{"$ref":"#/$defs/outcome"}}},"outcome":{"title":"Outcome","description":"What those get for whom the rule holds: `serve` (with an optional `percent` or `ramp`), `rollout` or `experiment`.","oneOf":[{"$ref":"#/$defs/serveOutcome"},{"$ref":"#/$defs/rolloutOutcome"},{"$ref":"#/$defs/experimentOutcome"}]},"serveOutcome":{"title":"ServeOutcome","type":"object","required":["serve"],"additionalProperties":false,"dependentRequired":{"linear":["ramp"]},"not":{"required":["percent","ramp"]},"properties":{"serve":{"$ref":"common.schema.json#/$defs/key","description":"The variation to serve."},"percent":{"$ref":"common.schema.json#/$defs/percent","description":"Only this share of the units; the others go on to the next rule. Raising it never moves a unit that was already in."},"ramp":{"$ref":"#/$defs/ramp"},"linear":{"$ref":"#/$defs/linear"}}},"ramp":{"description":"The share of the units as time goes: each step holds from its instant on. Before the first step it is 0 percent, from the last on that step's. Takes the place of `percent`.","type":"array","minItems":1,"items":{"title":"RampStep","type":"object","required":["at","percent"],"additionalProperties":false,"properties":{"at":{"$ref":"#/$defs/instant","description":"When the step begins, such as 2026-12-01T09:00:00Z (RFC 3339). Each step is later than the one before."},"percent":{"$ref":"common.schema.json#/$defs/percent","description":"The share of the units from then on."}}}},"linear":{"description":"Between two steps the share goes evenly from the one to the other, in hundredths of a percent, rounded down.","const":true},"instant":{"description":"An instant with its time and zone, such as 2026-12-01T09:00:00Z (RFC 3339).","type":"string","format":"date-time"},"rolloutOutcome":{"title":"RolloutOutcome","type":"object","required":["rollout"],"additionalProperties":false,"properties":{"rollout":{"$ref":"#/$defs/rollout"}}},"experimentOutcome":{"title":"ExperimentOutcome","type":"object","required":["experiment"],"additionalProperties":false,"properties":{"experiment":{"$ref":"common.schema.json#/$defs/key","description":"The experiment that assigns an arm."}}},"rollout":{"title":"Rollout","description":"Splits units between variations by weight. Weights are percentages and sum to exactly 100.","type":"object","required":["variations"],"additionalProperties":false,"properties":{"variations":{"description":"The shares, laid end to end in this order. A variation may have several, and a share may be 0.","type":"array","minItems":1,"items":{"title":"WeightedVariation","type":"object","required":["key","weight"],"additionalProperties":false,"properties":{"key":{"$ref":"common.schema.json#/$defs/key","description":"The variation."},"weight":{"$ref":"common.schema.json#/$defs/percent"}}}}}}}};
const func9 = Object.prototype.hasOwnProperty;
const pattern16 = new RegExp("^\\d{4}-\\d{2}-\\d{2}$", "u");
const schema54 = {"title":"FlagEnvironment","description":"Targets come first, then the first rule that holds, then everyone else: `serve`, `rollout` or `experiment`.","type":"object","additionalProperties":false,"dependentRequired":{"percent":["serve"],"ramp":["serve"],"linear":["ramp"]},"allOf":[{"not":{"required":["serve","rollout"]}},{"not":{"required":["serve","experiment"]}},{"not":{"required":["rollout","experiment"]}},{"not":{"required":["percent","ramp"]}}],"properties":{"enabled":{"description":"false is the kill switch: everyone gets the `off` variation.","type":"boolean"},"targets":{"description":"Units that get a variation whatever the rules say, by variation. Each unit once.","type":"object","propertyNames":{"$ref":"common.schema.json#/$defs/key"},"additionalProperties":{"$ref":"common.schema.json#/$defs/unitList"}},"rules":{"description":"The first rule that holds and takes the unit decides.","type":"array","items":{"$ref":"#/$defs/rule"}},"serve":{"$ref":"common.schema.json#/$defs/key","description":"Everyone else gets this variation."},"percent":{"$ref":"common.schema.json#/$defs/percent","description":"Only this share of everyone else gets it; the others get the `off` variation."},"ramp":{"$ref":"#/$defs/ramp"},"linear":{"$ref":"#/$defs/linear"},"rollout":{"$ref":"#/$defs/rollout"},"experiment":{"$ref":"common.schema.json#/$defs/key","description":"Everyone else takes part in this experiment."}}};
const schema56 = {"description":"Units by their value. Numbers stand for their decimal text.","type":"array","items":{"type":["string","integer"],"minimum":-9007199254740991,"maximum":9007199254740991}};
const schema74 = {"description":"A percentage from 0 to 100, with at most two decimals.","type":"number","minimum":0,"maximum":100};
const schema78 = {"description":"Between two steps the share goes evenly from the one to the other, in hundredths of a percent, rounded down.","const":true};
const schema57 = {"title":"Rule","type":"object","required":["then"],"additionalProperties":false,"properties":{"name":{"description":"Shown in every decision that this rule makes, in logs and in plans.","type":"string","minLength":1,"maxLength":200},"if":{"$ref":"common.schema.json#/$defs/condition","description":"Whom the rule is for. A rule without `if` holds for everyone."},"from":{"$ref":"#/$defs/instant","description":"The rule holds from this instant on, such as 2026-12-24T00:00:00Z (RFC 3339). Without it: from ever."},"until":{"$ref":"#/$defs/instant","description":"The rule holds until this instant and no longer at it (RFC 3339). Without it: for ever."},"then":{"$ref":"#/$defs/outcome"}}};
const schema69 = {"description":"An instant with its time and zone, such as 2026-12-01T09:00:00Z (RFC 3339).","type":"string","format":"date-time"};
const schema58 = {"description":"One of: an attribute test, a segment, `and`, `or`, `not`. At most 16 levels of `and`, `or` and `not`.","oneOf":[{"$ref":"#/$defs/attributeCondition"},{"$ref":"#/$defs/segmentCondition"},{"$ref":"#/$defs/andCondition"},{"$ref":"#/$defs/orCondition"},{"$ref":"#/$defs/notCondition"}]};
const schema59 = {"title":"AttributeCondition","description":"Tests one attribute of the context. A missing attribute makes every operator false but `exists: false`.","type":"object","required":["attribute","operator"],"additionalProperties":false,"properties":{"attribute":{"$ref":"#/$defs/attributeName"},"operator":{"$ref":"#/$defs/operator"},"value":{"description":"What to compare with. A list means any of its elements (for a negated operator: none of them). Quote versions and anything else that YAML would read as a number.","oneOf":[{"$ref":"#/$defs/scalar"},{"type":"array","minItems":1,"items":{"$ref":"#/$defs/scalar"}}]},"ignore_case":{"description":"Folds upper and lower case on both sides, for texts.","type":"boolean"}}};
const schema61 = {"title":"OperatorName","description":"eq neq in not_in: equal by type and value. gt gte lt lte: numbers. contains starts_with ends_with (not_…): texts. matches not_matches: RE2 regular expression, unanchored. exists: present or not. semver_…: Semantic Versioning precedence. before after: RFC 3339 instants or epoch milliseconds. in_cidr not_in_cidr: IP addresses.","enum":["eq","neq","in","not_in","gt","gte","lt","lte","contains","not_contains","starts_with","not_starts_with","ends_with","not_ends_with","matches","not_matches","exists","semver_eq","semver_neq","semver_gt","semver_gte","semver_lt","semver_lte","before","after","in_cidr","not_in_cidr"]};

function validate31(data, {instancePath="", parentData, parentDataProperty, rootData=data, dynamicAnchors={}}={}){
let vErrors = null;
let errors = 0;
const evaluated0 = validate31.evaluated;
if(evaluated0.dynamicProps){
evaluated0.props = undefined;
}
if(evaluated0.dynamicItems){
evaluated0.items = undefined;
}
if(data && typeof data == "object" && !Array.isArray(data)){
if(data.attribute === undefined){
const err0 = {instancePath,schemaPath:"#/required",keyword:"required",params:{missingProperty: "attribute"},message:"must have required property '"+"attribute"+"'",schema:schema59.required,parentSchema:schema59,data};
if(vErrors === null){
vErrors = [err0];
}
else {
vErrors.push(err0);
}
errors++;
}
if(data.operator === undefined){
const err1 = {instancePath,schemaPath:"#/required",keyword:"required",params:{missingProperty: "operator"},message:"must have required property '"+"operator"+"'",schema:schema59.required,parentSchema:schema59,data};
if(vErrors === null){
vErrors = [err1];
}
else {
vErrors.push(err1);
}
errors++;
}
for(const key0 in data){
if(!((((key0 === "attribute") || (key0 === "operator")) || (key0 === "value")) || (key0 === "ignore_case"))){
const err2 = {instancePath,schemaPath:"#/additionalProperties",keyword:"additionalProperties",params:{additionalProperty: key0},message:"must NOT have additional properties",schema:false,parentSchema:schema59,data};
if(vErrors === null){
vErrors = [err2];
}
else {
vErrors.push(err2);
}
errors++;
}
}
if(data.attribute !== undefined){
let data0 = data.attribute;
if(typeof data0 === "string"){
if(func1(data0) < 1){
const err3 = {instancePath:instancePath+"/attribute",schemaPath:"#/$defs/attributeName/minLength",keyword:"minLength",params:{limit: 1},message:"must NOT have fewer than 1 characters",schema:1,parentSchema:schema34,data:data0};
if(vErrors === null){
vErrors = [err3];
}
else {
vErrors.push(err3);
}
errors++;
}
}
else {
const err4 = {instancePath:instancePath+"/attribute",schemaPath:"#/$defs/attributeName/type",keyword:"type",params:{type: "string"},message:"must be string",schema:schema34.type,parentSchema:schema34,data:data0};
if(vErrors === null){
vErrors = [err4];
}
else {
vErrors.push(err4);
}
errors++;
}
}
if(data.operator !== undefined){
let data1 = data.operator;
if(!(((((((((((((((((((((((((((data1 === "eq") || (data1 === "neq")) || (data1 === "in")) || (data1 === "not_in")) || (data1 === "gt")) || (data1 === "gte")) || (data1 === "lt")) || (data1 === "lte")) || (data1 === "contains")) || (data1 === "not_contains")) || (data1 === "starts_with")) || (data1 === "not_starts_with")) || (data1 === "ends_with")) || (data1 === "not_ends_with")) || (data1 === "matches")) || (data1 === "not_matches")) || (data1 === "exists")) || (data1 === "semver_eq")) || (data1 === "semver_neq")) || (data1 === "semver_gt")) || (data1 === "semver_gte")) || (data1 === "semver_lt")) || (data1 === "semver_lte")) || (data1 === "before")) || (data1 === "after")) || (data1 === "in_cidr")) || (data1 === "not_in_cidr"))){
const err5 = {instancePath:instancePath+"/operator",schemaPath:"#/$defs/operator/enum",keyword:"enum",params:{allowedValues: schema61.enum},message:"must be equal to one of the allowed values",schema:schema61.enum,parentSchema:schema61,data:data1};
if(vErrors === null){
vErrors = [err5];
}
else {
vErrors.push(err5);
}
errors++;
}
}
if(data.value !== undefined){
let data2 = data.value;
const _errs8 = errors;
let valid3 = false;
let passing0 = null;
const _errs9 = errors;
if(((typeof data2 !== "string") && (!((typeof data2 == "number") && (isFinite(data2))))) && (typeof data2 !== "boolean")){
const err6 = {instancePath:instancePath+"/value",schemaPath:"#/$defs/scalar/type",keyword:"type",params:{type: schema35.type},message:"must be string,number,boolean",schema:schema35.type,parentSchema:schema35,data:data2};
if(vErrors === null){
vErrors = [err6];
}
else {
vErrors.push(err6);
}
errors++;
}
var _valid0 = _errs9 === errors;
if(_valid0){
valid3 = true;
passing0 = 0;
}
const _errs12 = errors;
if(Array.isArray(data2)){
if(data2.length < 1){
const err7 = {instancePath:instancePath+"/value",schemaPath:"#/properties/value/oneOf/1/minItems",keyword:"minItems",params:{limit: 1},message:"must NOT have fewer than 1 items",schema:1,parentSchema:schema59.properties.value.oneOf[1],data:data2};
if(vErrors === null){
vErrors = [err7];
}
else {
vErrors.push(err7);
}
errors++;
}
const len0 = data2.length;
for(let i0=0; i0<len0; i0++){
let data3 = data2[i0];
if(((typeof data3 !== "string") && (!((typeof data3 == "number") && (isFinite(data3))))) && (typeof data3 !== "boolean")){
const err8 = {instancePath:instancePath+"/value/" + i0,schemaPath:"#/$defs/scalar/type",keyword:"type",params:{type: schema35.type},message:"must be string,number,boolean",schema:schema35.type,parentSchema:schema35,data:data3};
if(vErrors === null){
vErrors = [err8];
}
else {
vErrors.push(err8);
}
errors++;
}
}
}
else {
const err9 = {instancePath:instancePath+"/value",schemaPath:"#/properties/value/oneOf/1/type",keyword:"type",params:{type: "array"},message:"must be array",schema:schema59.properties.value.oneOf[1].type,parentSchema:schema59.properties.value.oneOf[1],data:data2};
if(vErrors === null){
vErrors = [err9];
}
else {
vErrors.push(err9);
}
errors++;
}
var _valid0 = _errs12 === errors;
if(_valid0 && valid3){
valid3 = false;
passing0 = [passing0, 1];
}
else {
if(_valid0){
valid3 = true;
passing0 = 1;
}
}
if(!valid3){
const err10 = {instancePath:instancePath+"/value",schemaPath:"#/properties/value/oneOf",keyword:"oneOf",params:{passingSchemas: passing0},message:"must match exactly one schema in oneOf",schema:schema59.properties.value.oneOf,parentSchema:schema59.properties.value,data:data2};
if(vErrors === null){
vErrors = [err10];
}
else {
vErrors.push(err10);
}
errors++;
}
else {
errors = _errs8;
if(vErrors !== null){
if(_errs8){
vErrors.length = _errs8;
}
else {
vErrors = null;
}
}
}
}
if(data.ignore_case !== undefined){
let data4 = data.ignore_case;
if(typeof data4 !== "boolean"){
const err11 = {instancePath:instancePath+"/ignore_case",schemaPath:"#/properties/ignore_case/type",keyword:"type",params:{type: "boolean"},message:"must be boolean",schema:schema59.properties.ignore_case.type,parentSchema:schema59.properties.ignore_case,data:data4};
if(vErrors === null){
vErrors = [err11];
}
else {
vErrors.push(err11);
}
errors++;
}
}
}
else {
const err12 = {instancePath,schemaPath:"#/type",keyword:"type",params:{type: "object"},message:"must be object",schema:schema59.type,parentSchema:schema59,data};
if(vErrors === null){
vErrors = [err12];
}
else {
vErrors.push(err12);
}
errors++;
}
validate31.errors = vErrors;
return errors === 0;
}
validate31.evaluated = {"props":true,"dynamicProps":false,"dynamicItems":false};

const schema64 = {"title":"SegmentCondition","description":"Holds for the units of a segment.","type":"object","required":["segment"],"additionalProperties":false,"properties":{"segment":{"$ref":"#/$defs/key","description":"The segment's key."}}};

function validate33(data, {instancePath="", parentData, parentDataProperty, rootData=data, dynamicAnchors={}}={}){
let vErrors = null;
let errors = 0;
const evaluated0 = validate33.evaluated;
if(evaluated0.dynamicProps){
evaluated0.props = undefined;
}
if(evaluated0.dynamicItems){
evaluated0.items = undefined;
}
if(data && typeof data == "object" && !Array.isArray(data)){
if(data.segment === undefined){
const err0 = {instancePath,schemaPath:"#/required",keyword:"required",params:{missingProperty: "segment"},message:"must have required property '"+"segment"+"'",schema:schema64.required,parentSchema:schema64,data};
if(vErrors === null){
vErrors = [err0];
}
else {
vErrors.push(err0);
}
errors++;
}
for(const key0 in data){
if(!(key0 === "segment")){
const err1 = {instancePath,schemaPath:"#/additionalProperties",keyword:"additionalProperties",params:{additionalProperty: key0},message:"must NOT have additional properties",schema:false,parentSchema:schema64,data};
if(vErrors === null){
vErrors = [err1];
}
else {
vErrors.push(err1);
}
errors++;
}
}
if(data.segment !== undefined){
let data0 = data.segment;
if(typeof data0 === "string"){
if(!pattern5.test(data0)){
const err2 = {instancePath:instancePath+"/segment",schemaPath:"#/$defs/key/pattern",keyword:"pattern",params:{pattern: "^[a-z0-9][a-z0-9._-]{0,99}$"},message:"must match pattern \""+"^[a-z0-9][a-z0-9._-]{0,99}$"+"\"",schema:"^[a-z0-9][a-z0-9._-]{0,99}$",parentSchema:schema33,data:data0};
if(vErrors === null){
vErrors = [err2];
}
else {
vErrors.push(err2);
}
errors++;
}
}
else {
const err3 = {instancePath:instancePath+"/segment",schemaPath:"#/$defs/key/type",keyword:"type",params:{type: "string"},message:"must be string",schema:schema33.type,parentSchema:schema33,data:data0};
if(vErrors === null){
vErrors = [err3];
}
else {
vErrors.push(err3);
}
errors++;
}
}
}
else {
const err4 = {instancePath,schemaPath:"#/type",keyword:"type",params:{type: "object"},message:"must be object",schema:schema64.type,parentSchema:schema64,data};
if(vErrors === null){
vErrors = [err4];
}
else {
vErrors.push(err4);
}
errors++;
}
validate33.errors = vErrors;
return errors === 0;
}
validate33.evaluated = {"props":true,"dynamicProps":false,"dynamicItems":false};

const schema66 = {"title":"AndCondition","description":"Holds when every one of its conditions holds.","type":"object","required":["and"],"additionalProperties":false,"properties":{"and":{"description":"Conditions that must all hold.","type":"array","minItems":1,"items":{"$ref":"#/$defs/condition"}}}};
const wrapper0 = {validate: validate30};

function validate35(data, {instancePath="", parentData, parentDataProperty, rootData=data, dynamicAnchors={}}={}){
let vErrors = null;
let errors = 0;
const evaluated0 = validate35.evaluated;
if(evaluated0.dynamicProps){
evaluated0.props = undefined;
}
if(evaluated0.dynamicItems){
evaluated0.items = undefined;
}
if(data && typeof data == "object" && !Array.isArray(data)){
if(data.and === undefined){
const err0 = {instancePath,schemaPath:"#/required",keyword:"required",params:{missingProperty: "and"},message:"must have required property '"+"and"+"'",schema:schema66.required,parentSchema:schema66,data};
if(vErrors === null){
vErrors = [err0];
}
else {
vErrors.push(err0);
}
errors++;
}
for(const key0 in data){
if(!(key0 === "and")){
const err1 = {instancePath,schemaPath:"#/additionalProperties",keyword:"additionalProperties",params:{additionalProperty: key0},message:"must NOT have additional properties",schema:false,parentSchema:schema66,data};
if(vErrors === null){
vErrors = [err1];
}
else {
vErrors.push(err1);
}
errors++;
}
}
if(data.and !== undefined){
let data0 = data.and;
if(Array.isArray(data0)){
if(data0.length < 1){
const err2 = {instancePath:instancePath+"/and",schemaPath:"#/properties/and/minItems",keyword:"minItems",params:{limit: 1},message:"must NOT have fewer than 1 items",schema:1,parentSchema:schema66.properties.and,data:data0};
if(vErrors === null){
vErrors = [err2];
}
else {
vErrors.push(err2);
}
errors++;
}
const len0 = data0.length;
for(let i0=0; i0<len0; i0++){
if(!(wrapper0.validate(data0[i0], {instancePath:instancePath+"/and/" + i0,parentData:data0,parentDataProperty:i0,rootData,dynamicAnchors}))){
if (vErrors === null) vErrors = wrapper0.validate.errors; else for (const error of wrapper0.validate.errors) vErrors.push(error);
errors = vErrors.length;
}
}
}
else {
const err3 = {instancePath:instancePath+"/and",schemaPath:"#/properties/and/type",keyword:"type",params:{type: "array"},message:"must be array",schema:schema66.properties.and.type,parentSchema:schema66.properties.and,data:data0};
if(vErrors === null){
vErrors = [err3];
}
else {
vErrors.push(err3);
}
errors++;
}
}
}
else {
const err4 = {instancePath,schemaPath:"#/type",keyword:"type",params:{type: "object"},message:"must be object",schema:schema66.type,parentSchema:schema66,data};
if(vErrors === null){
vErrors = [err4];
}
else {
vErrors.push(err4);
}
errors++;
}
validate35.errors = vErrors;
return errors === 0;
}
validate35.evaluated = {"props":true,"dynamicProps":false,"dynamicItems":false};

const schema67 = {"title":"OrCondition","description":"Holds when at least one of its conditions holds.","type":"object","required":["or"],"additionalProperties":false,"properties":{"or":{"description":"Conditions of which at least one must hold.","type":"array","minItems":1,"items":{"$ref":"#/$defs/condition"}}}};

function validate37(data, {instancePath="", parentData, parentDataProperty, rootData=data, dynamicAnchors={}}={}){
let vErrors = null;
let errors = 0;
const evaluated0 = validate37.evaluated;
if(evaluated0.dynamicProps){
evaluated0.props = undefined;
}
if(evaluated0.dynamicItems){
evaluated0.items = undefined;
}
if(data && typeof data == "object" && !Array.isArray(data)){
if(data.or === undefined){
const err0 = {instancePath,schemaPath:"#/required",keyword:"required",params:{missingProperty: "or"},message:"must have required property '"+"or"+"'",schema:schema67.required,parentSchema:schema67,data};
if(vErrors === null){
vErrors = [err0];
}
else {
vErrors.push(err0);
}
errors++;
}
for(const key0 in data){
if(!(key0 === "or")){
const err1 = {instancePath,schemaPath:"#/additionalProperties",keyword:"additionalProperties",params:{additionalProperty: key0},message:"must NOT have additional properties",schema:false,parentSchema:schema67,data};
if(vErrors === null){
vErrors = [err1];
}
else {
vErrors.push(err1);
}
errors++;
}
}
if(data.or !== undefined){
let data0 = data.or;
if(Array.isArray(data0)){
if(data0.length < 1){
const err2 = {instancePath:instancePath+"/or",schemaPath:"#/properties/or/minItems",keyword:"minItems",params:{limit: 1},message:"must NOT have fewer than 1 items",schema:1,parentSchema:schema67.properties.or,data:data0};
if(vErrors === null){
vErrors = [err2];
}
else {
vErrors.push(err2);
}
errors++;
}
const len0 = data0.length;
for(let i0=0; i0<len0; i0++){
if(!(wrapper0.validate(data0[i0], {instancePath:instancePath+"/or/" + i0,parentData:data0,parentDataProperty:i0,rootData,dynamicAnchors}))){
if (vErrors === null) vErrors = wrapper0.validate.errors; else for (const error of wrapper0.validate.errors) vErrors.push(error);
errors = vErrors.length;
}
}
}
else {
const err3 = {instancePath:instancePath+"/or",schemaPath:"#/properties/or/type",keyword:"type",params:{type: "array"},message:"must be array",schema:schema67.properties.or.type,parentSchema:schema67.properties.or,data:data0};
if(vErrors === null){
vErrors = [err3];
}
else {
vErrors.push(err3);
}
errors++;
}
}
}
else {
const err4 = {instancePath,schemaPath:"#/type",keyword:"type",params:{type: "object"},message:"must be object",schema:schema67.type,parentSchema:schema67,data};
if(vErrors === null){
vErrors = [err4];
}
else {
vErrors.push(err4);
}
errors++;
}
validate37.errors = vErrors;
return errors === 0;
}
validate37.evaluated = {"props":true,"dynamicProps":false,"dynamicItems":false};

const schema68 = {"title":"NotCondition","description":"Holds when its condition does not.","type":"object","required":["not"],"additionalProperties":false,"properties":{"not":{"$ref":"#/$defs/condition"}}};

function validate39(data, {instancePath="", parentData, parentDataProperty, rootData=data, dynamicAnchors={}}={}){
let vErrors = null;
let errors = 0;
const evaluated0 = validate39.evaluated;
if(evaluated0.dynamicProps){
evaluated0.props = undefined;
}
if(evaluated0.dynamicItems){
evaluated0.items = undefined;
}
if(data && typeof data == "object" && !Array.isArray(data)){
if(data.not === undefined){
const err0 = {instancePath,schemaPath:"#/required",keyword:"required",params:{missingProperty: "not"},message:"must have required property '"+"not"+"'",schema:schema68.required,parentSchema:schema68,data};
if(vErrors === null){
vErrors = [err0];
}
else {
vErrors.push(err0);
}
errors++;
}
for(const key0 in data){
if(!(key0 === "not")){
const err1 = {instancePath,schemaPath:"#/additionalProperties",keyword:"additionalProperties",params:{additionalProperty: key0},message:"must NOT have additional properties",schema:false,parentSchema:schema68,data};
if(vErrors === null){
vErrors = [err1];
}
else {
vErrors.push(err1);
}
errors++;
}
}
if(data.not !== undefined){
if(!(wrapper0.validate(data.not, {instancePath:instancePath+"/not",parentData:data,parentDataProperty:"not",rootData,dynamicAnchors}))){
if (vErrors === null) vErrors = wrapper0.validate.errors; else for (const error of wrapper0.validate.errors) vErrors.push(error);
errors = vErrors.length;
}
}
}
else {
const err2 = {instancePath,schemaPath:"#/type",keyword:"type",params:{type: "object"},message:"must be object",schema:schema68.type,parentSchema:schema68,data};
if(vErrors === null){
vErrors = [err2];
}
else {
vErrors.push(err2);
}
errors++;
}
validate39.errors = vErrors;
return errors === 0;
}
validate39.evaluated = {"props":true,"dynamicProps":false,"dynamicItems":false};


function validate30(data, {instancePath="", parentData, parentDataProperty, rootData=data, dynamicAnchors={}}={}){
let vErrors = null;
let errors = 0;
const evaluated0 = validate30.evaluated;
if(evaluated0.dynamicProps){
evaluated0.props = undefined;
}
if(evaluated0.dynamicItems){
evaluated0.items = undefined;
}
const _errs0 = errors;
let valid0 = false;
let passing0 = null;
const _errs1 = errors;
if(!(validate31(data, {instancePath,parentData,parentDataProperty,rootData,dynamicAnchors}))){
if (vErrors === null) vErrors = validate31.errors; else for (const error of validate31.errors) vErrors.push(error);
errors = vErrors.length;
}
var _valid0 = _errs1 === errors;
if(_valid0){
valid0 = true;
passing0 = 0;
var props0 = true;
}
const _errs2 = errors;
if(!(validate33(data, {instancePath,parentData,parentDataProperty,rootData,dynamicAnchors}))){
if (vErrors === null) vErrors = validate33.errors; else for (const error of validate33.errors) vErrors.push(error);
errors = vErrors.length;
}
var _valid0 = _errs2 === errors;
if(_valid0 && valid0){
valid0 = false;
passing0 = [passing0, 1];
}
else {
if(_valid0){
valid0 = true;
passing0 = 1;
if(props0 !== true){
props0 = true;
}
}
const _errs3 = errors;
if(!(validate35(data, {instancePath,parentData,parentDataProperty,rootData,dynamicAnchors}))){
if (vErrors === null) vErrors = validate35.errors; else for (const error of validate35.errors) vErrors.push(error);
errors = vErrors.length;
}
var _valid0 = _errs3 === errors;
if(_valid0 && valid0){
valid0 = false;
passing0 = [passing0, 2];
}
else {
if(_valid0){
valid0 = true;
passing0 = 2;
if(props0 !== true){
props0 = true;
}
}
const _errs4 = errors;
if(!(validate37(data, {instancePath,parentData,parentDataProperty,rootData,dynamicAnchors}))){
if (vErrors === null) vErrors = validate37.errors; else for (const error of validate37.errors) vErrors.push(error);
errors = vErrors.length;
}
var _valid0 = _errs4 === errors;
if(_valid0 && valid0){
valid0 = false;
passing0 = [passing0, 3];
}
else {
if(_valid0){
valid0 = true;
passing0 = 3;
if(props0 !== true){
props0 = true;
}
}
const _errs5 = errors;
if(!(validate39(data, {instancePath,parentData,parentDataProperty,rootData,dynamicAnchors}))){
if (vErrors === null) vErrors = validate39.errors; else for (const error of validate39.errors) vErrors.push(error);
errors = vErrors.length;
}
var _valid0 = _errs5 === errors;
if(_valid0 && valid0){
valid0 = false;
passing0 = [passing0, 4];
}
else {
if(_valid0){
valid0 = true;
passing0 = 4;
if(props0 !== true){
props0 = true;
}
}
}
}
}
}
if(!valid0){
const err0 = {instancePath,schemaPath:"#/oneOf",keyword:"oneOf",params:{passingSchemas: passing0},message:"must match exactly one schema in oneOf",schema:schema58.oneOf,parentSchema:schema58,data};
if(vErrors === null){
vErrors = [err0];
}
else {
vErrors.push(err0);
}
errors++;
}
else {
errors = _errs0;
if(vErrors !== null){
if(_errs0){
vErrors.length = _errs0;
}
else {
vErrors = null;
}
}
}
validate30.errors = vErrors;
evaluated0.props = props0;
return errors === 0;
}
validate30.evaluated = {"dynamicProps":true,"dynamicItems":false};

const schema71 = {"title":"Outcome","description":"What those get for whom the rule holds: `serve` (with an optional `percent` or `ramp`), `rollout` or `experiment`.","oneOf":[{"$ref":"#/$defs/serveOutcome"},{"$ref":"#/$defs/rolloutOutcome"},{"$ref":"#/$defs/experimentOutcome"}]};
const schema72 = {"title":"ServeOutcome","type":"object","required":["serve"],"additionalProperties":false,"dependentRequired":{"linear":["ramp"]},"not":{"required":["percent","ramp"]},"properties":{"serve":{"$ref":"common.schema.json#/$defs/key","description":"The variation to serve."},"percent":{"$ref":"common.schema.json#/$defs/percent","description":"Only this share of the units; the others go on to the next rule. Raising it never moves a unit that was already in."},"ramp":{"$ref":"#/$defs/ramp"},"linear":{"$ref":"#/$defs/linear"}}};
const schema75 = {"description":"The share of the units as time goes: each step holds from its instant on. Before the first step it is 0 percent, from the last on that step's. Takes the place of `percent`.","type":"array","minItems":1,"items":{"title":"RampStep","type":"object","required":["at","percent"],"additionalProperties":false,"properties":{"at":{"$ref":"#/$defs/instant","description":"When the step begins, such as 2026-12-01T09:00:00Z (RFC 3339). Each step is later than the one before."},"percent":{"$ref":"common.schema.json#/$defs/percent","description":"The share of the units from then on."}}}};

function validate44(data, {instancePath="", parentData, parentDataProperty, rootData=data, dynamicAnchors={}}={}){
let vErrors = null;
let errors = 0;
const evaluated0 = validate44.evaluated;
if(evaluated0.dynamicProps){
evaluated0.props = undefined;
}
if(evaluated0.dynamicItems){
evaluated0.items = undefined;
}
if(Array.isArray(data)){
if(data.length < 1){
const err0 = {instancePath,schemaPath:"#/minItems",keyword:"minItems",params:{limit: 1},message:"must NOT have fewer than 1 items",schema:1,parentSchema:schema75,data};
if(vErrors === null){
vErrors = [err0];
}
else {
vErrors.push(err0);
}
errors++;
}
const len0 = data.length;
for(let i0=0; i0<len0; i0++){
let data0 = data[i0];
if(data0 && typeof data0 == "object" && !Array.isArray(data0)){
if(data0.at === undefined){
const err1 = {instancePath:instancePath+"/" + i0,schemaPath:"#/items/required",keyword:"required",params:{missingProperty: "at"},message:"must have required property '"+"at"+"'",schema:schema75.items.required,parentSchema:schema75.items,data:data0};
if(vErrors === null){
vErrors = [err1];
}
else {
vErrors.push(err1);
}
errors++;
}
if(data0.percent === undefined){
const err2 = {instancePath:instancePath+"/" + i0,schemaPath:"#/items/required",keyword:"required",params:{missingProperty: "percent"},message:"must have required property '"+"percent"+"'",schema:schema75.items.required,parentSchema:schema75.items,data:data0};
if(vErrors === null){
vErrors = [err2];
}
else {
vErrors.push(err2);
}
errors++;
}
for(const key0 in data0){
if(!((key0 === "at") || (key0 === "percent"))){
const err3 = {instancePath:instancePath+"/" + i0,schemaPath:"#/items/additionalProperties",keyword:"additionalProperties",params:{additionalProperty: key0},message:"must NOT have additional properties",schema:false,parentSchema:schema75.items,data:data0};
if(vErrors === null){
vErrors = [err3];
}
else {
vErrors.push(err3);
}
errors++;
}
}
if(data0.at !== undefined){
let data1 = data0.at;
if(!(typeof data1 === "string")){
const err4 = {instancePath:instancePath+"/" + i0+"/at",schemaPath:"#/$defs/instant/type",keyword:"type",params:{type: "string"},message:"must be string",schema:schema69.type,parentSchema:schema69,data:data1};
if(vErrors === null){
vErrors = [err4];
}
else {
vErrors.push(err4);
}
errors++;
}
}
if(data0.percent !== undefined){
let data2 = data0.percent;
if((typeof data2 == "number") && (isFinite(data2))){
if(data2 > 100 || isNaN(data2)){
const err5 = {instancePath:instancePath+"/" + i0+"/percent",schemaPath:"common.schema.json#/$defs/percent/maximum",keyword:"maximum",params:{comparison: "<=", limit: 100},message:"must be <= 100",schema:100,parentSchema:schema74,data:data2};
if(vErrors === null){
vErrors = [err5];
}
else {
vErrors.push(err5);
}
errors++;
}
if(data2 < 0 || isNaN(data2)){
const err6 = {instancePath:instancePath+"/" + i0+"/percent",schemaPath:"common.schema.json#/$defs/percent/minimum",keyword:"minimum",params:{comparison: ">=", limit: 0},message:"must be >= 0",schema:0,parentSchema:schema74,data:data2};
if(vErrors === null){
vErrors = [err6];
}
else {
vErrors.push(err6);
}
errors++;
}
}
else {
const err7 = {instancePath:instancePath+"/" + i0+"/percent",schemaPath:"common.schema.json#/$defs/percent/type",keyword:"type",params:{type: "number"},message:"must be number",schema:schema74.type,parentSchema:schema74,data:data2};
if(vErrors === null){
vErrors = [err7];
}
else {
vErrors.push(err7);
}
errors++;
}
}
}
else {
const err8 = {instancePath:instancePath+"/" + i0,schemaPath:"#/items/type",keyword:"type",params:{type: "object"},message:"must be object",schema:schema75.items.type,parentSchema:schema75.items,data:data0};
if(vErrors === null){
vErrors = [err8];
}
else {
vErrors.push(err8);
}
errors++;
}
}
}
else {
const err9 = {instancePath,schemaPath:"#/type",keyword:"type",params:{type: "array"},message:"must be array",schema:schema75.type,parentSchema:schema75,data};
if(vErrors === null){
vErrors = [err9];
}
else {
vErrors.push(err9);
}
errors++;
}
validate44.errors = vErrors;
return errors === 0;
}
validate44.evaluated = {"items":true,"dynamicProps":false,"dynamicItems":false};


function validate43(data, {instancePath="", parentData, parentDataProperty, rootData=data, dynamicAnchors={}}={}){
let vErrors = null;
let errors = 0;
const evaluated0 = validate43.evaluated;
if(evaluated0.dynamicProps){
evaluated0.props = undefined;
}
if(evaluated0.dynamicItems){
evaluated0.items = undefined;
}
const _errs1 = errors;
const _errs2 = errors;
if(data && typeof data == "object" && !Array.isArray(data)){
let missing0;
if(((data.percent === undefined) && (missing0 = "percent")) || ((data.ramp === undefined) && (missing0 = "ramp"))){
const err0 = {};
if(vErrors === null){
vErrors = [err0];
}
else {
vErrors.push(err0);
}
errors++;
}
}
var valid0 = _errs2 === errors;
if(valid0){
const err1 = {instancePath,schemaPath:"#/not",keyword:"not",params:{},message:"must NOT be valid",schema:schema72.not,parentSchema:schema72,data};
if(vErrors === null){
vErrors = [err1];
}
else {
vErrors.push(err1);
}
errors++;
}
else {
errors = _errs1;
if(vErrors !== null){
if(_errs1){
vErrors.length = _errs1;
}
else {
vErrors = null;
}
}
}
if(data && typeof data == "object" && !Array.isArray(data)){
if(data.serve === undefined){
const err2 = {instancePath,schemaPath:"#/required",keyword:"required",params:{missingProperty: "serve"},message:"must have required property '"+"serve"+"'",schema:schema72.required,parentSchema:schema72,data};
if(vErrors === null){
vErrors = [err2];
}
else {
vErrors.push(err2);
}
errors++;
}
for(const key0 in data){
if(!((((key0 === "serve") || (key0 === "percent")) || (key0 === "ramp")) || (key0 === "linear"))){
const err3 = {instancePath,schemaPath:"#/additionalProperties",keyword:"additionalProperties",params:{additionalProperty: key0},message:"must NOT have additional properties",schema:false,parentSchema:schema72,data};
if(vErrors === null){
vErrors = [err3];
}
else {
vErrors.push(err3);
}
errors++;
}
}
if(data.serve !== undefined){
let data0 = data.serve;
if(typeof data0 === "string"){
if(!pattern5.test(data0)){
const err4 = {instancePath:instancePath+"/serve",schemaPath:"common.schema.json#/$defs/key/pattern",keyword:"pattern",params:{pattern: "^[a-z0-9][a-z0-9._-]{0,99}$"},message:"must match pattern \""+"^[a-z0-9][a-z0-9._-]{0,99}$"+"\"",schema:"^[a-z0-9][a-z0-9._-]{0,99}$",parentSchema:schema33,data:data0};
if(vErrors === null){
vErrors = [err4];
}
else {
vErrors.push(err4);
}
errors++;
}
}
else {
const err5 = {instancePath:instancePath+"/serve",schemaPath:"common.schema.json#/$defs/key/type",keyword:"type",params:{type: "string"},message:"must be string",schema:schema33.type,parentSchema:schema33,data:data0};
if(vErrors === null){
vErrors = [err5];
}
else {
vErrors.push(err5);
}
errors++;
}
}
if(data.percent !== undefined){
let data1 = data.percent;
if((typeof data1 == "number") && (isFinite(data1))){
if(data1 > 100 || isNaN(data1)){
const err6 = {instancePath:instancePath+"/percent",schemaPath:"common.schema.json#/$defs/percent/maximum",keyword:"maximum",params:{comparison: "<=", limit: 100},message:"must be <= 100",schema:100,parentSchema:schema74,data:data1};
if(vErrors === null){
vErrors = [err6];
}
else {
vErrors.push(err6);
}
errors++;
}
if(data1 < 0 || isNaN(data1)){
const err7 = {instancePath:instancePath+"/percent",schemaPath:"common.schema.json#/$defs/percent/minimum",keyword:"minimum",params:{comparison: ">=", limit: 0},message:"must be >= 0",schema:0,parentSchema:schema74,data:data1};
if(vErrors === null){
vErrors = [err7];
}
else {
vErrors.push(err7);
}
errors++;
}
}
else {
const err8 = {instancePath:instancePath+"/percent",schemaPath:"common.schema.json#/$defs/percent/type",keyword:"type",params:{type: "number"},message:"must be number",schema:schema74.type,parentSchema:schema74,data:data1};
if(vErrors === null){
vErrors = [err8];
}
else {
vErrors.push(err8);
}
errors++;
}
}
if(data.ramp !== undefined){
if(!(validate44(data.ramp, {instancePath:instancePath+"/ramp",parentData:data,parentDataProperty:"ramp",rootData,dynamicAnchors}))){
if (vErrors === null) vErrors = validate44.errors; else for (const error of validate44.errors) vErrors.push(error);
errors = vErrors.length;
}
}
if(data.linear !== undefined){
let data3 = data.linear;
if(true !== data3){
const err9 = {instancePath:instancePath+"/linear",schemaPath:"#/$defs/linear/const",keyword:"const",params:{allowedValue: true},message:"must be equal to constant",schema:true,parentSchema:schema78,data:data3};
if(vErrors === null){
vErrors = [err9];
}
else {
vErrors.push(err9);
}
errors++;
}
}
if(data.linear !== undefined){
if(data.ramp === undefined){
const err10 = {instancePath,schemaPath:"#/dependentRequired",keyword:"dependentRequired",params:{property: "linear",
    missingProperty: "ramp",
    depsCount: 1,
    deps: "ramp"},message:"must have property ramp when property linear is present",schema:schema72.dependentRequired,parentSchema:schema72,data};
if(vErrors === null){
vErrors = [err10];
}
else {
vErrors.push(err10);
}
errors++;
}
}
}
else {
const err11 = {instancePath,schemaPath:"#/type",keyword:"type",params:{type: "object"},message:"must be object",schema:schema72.type,parentSchema:schema72,data};
if(vErrors === null){
vErrors = [err11];
}
else {
vErrors.push(err11);
}
errors++;
}
validate43.errors = vErrors;
return errors === 0;
}
validate43.evaluated = {"props":true,"dynamicProps":false,"dynamicItems":false};

const schema79 = {"title":"RolloutOutcome","type":"object","required":["rollout"],"additionalProperties":false,"properties":{"rollout":{"$ref":"#/$defs/rollout"}}};
const schema80 = {"title":"Rollout","description":"Splits units between variations by weight. Weights are percentages and sum to exactly 100.","type":"object","required":["variations"],"additionalProperties":false,"properties":{"variations":{"description":"The shares, laid end to end in this order. A variation may have several, and a share may be 0.","type":"array","minItems":1,"items":{"title":"WeightedVariation","type":"object","required":["key","weight"],"additionalProperties":false,"properties":{"key":{"$ref":"common.schema.json#/$defs/key","description":"The variation."},"weight":{"$ref":"common.schema.json#/$defs/percent"}}}}}};

function validate48(data, {instancePath="", parentData, parentDataProperty, rootData=data, dynamicAnchors={}}={}){
let vErrors = null;
let errors = 0;
const evaluated0 = validate48.evaluated;
if(evaluated0.dynamicProps){
evaluated0.props = undefined;
}
if(evaluated0.dynamicItems){
evaluated0.items = undefined;
}
if(data && typeof data == "object" && !Array.isArray(data)){
if(data.variations === undefined){
const err0 = {instancePath,schemaPath:"#/required",keyword:"required",params:{missingProperty: "variations"},message:"must have required property '"+"variations"+"'",schema:schema80.required,parentSchema:schema80,data};
if(vErrors === null){
vErrors = [err0];
}
else {
vErrors.push(err0);
}
errors++;
}
for(const key0 in data){
if(!(key0 === "variations")){
const err1 = {instancePath,schemaPath:"#/additionalProperties",keyword:"additionalProperties",params:{additionalProperty: key0},message:"must NOT have additional properties",schema:false,parentSchema:schema80,data};
if(vErrors === null){
vErrors = [err1];
}
else {
vErrors.push(err1);
}
errors++;
}
}
if(data.variations !== undefined){
let data0 = data.variations;
if(Array.isArray(data0)){
if(data0.length < 1){
const err2 = {instancePath:instancePath+"/variations",schemaPath:"#/properties/variations/minItems",keyword:"minItems",params:{limit: 1},message:"must NOT have fewer than 1 items",schema:1,parentSchema:schema80.properties.variations,data:data0};
if(vErrors === null){
vErrors = [err2];
}
else {
vErrors.push(err2);
}
errors++;
}
const len0 = data0.length;
for(let i0=0; i0<len0; i0++){
let data1 = data0[i0];
if(data1 && typeof data1 == "object" && !Array.isArray(data1)){
if(data1.key === undefined){
const err3 = {instancePath:instancePath+"/variations/" + i0,schemaPath:"#/properties/variations/items/required",keyword:"required",params:{missingProperty: "key"},message:"must have required property '"+"key"+"'",schema:schema80.properties.variations.items.required,parentSchema:schema80.properties.variations.items,data:data1};
if(vErrors === null){
vErrors = [err3];
}
else {
vErrors.push(err3);
}
errors++;
}
if(data1.weight === undefined){
const err4 = {instancePath:instancePath+"/variations/" + i0,schemaPath:"#/properties/variations/items/required",keyword:"required",params:{missingProperty: "weight"},message:"must have required property '"+"weight"+"'",schema:schema80.properties.variations.items.required,parentSchema:schema80.properties.variations.items,data:data1};
if(vErrors === null){
vErrors = [err4];
}
else {
vErrors.push(err4);
}
errors++;
}
for(const key1 in data1){
if(!((key1 === "key") || (key1 === "weight"))){
const err5 = {instancePath:instancePath+"/variations/" + i0,schemaPath:"#/properties/variations/items/additionalProperties",keyword:"additionalProperties",params:{additionalProperty: key1},message:"must NOT have additional properties",schema:false,parentSchema:schema80.properties.variations.items,data:data1};
if(vErrors === null){
vErrors = [err5];
}
else {
vErrors.push(err5);
}
errors++;
}
}
if(data1.key !== undefined){
let data2 = data1.key;
if(typeof data2 === "string"){
if(!pattern5.test(data2)){
const err6 = {instancePath:instancePath+"/variations/" + i0+"/key",schemaPath:"common.schema.json#/$defs/key/pattern",keyword:"pattern",params:{pattern: "^[a-z0-9][a-z0-9._-]{0,99}$"},message:"must match pattern \""+"^[a-z0-9][a-z0-9._-]{0,99}$"+"\"",schema:"^[a-z0-9][a-z0-9._-]{0,99}$",parentSchema:schema33,data:data2};
if(vErrors === null){
vErrors = [err6];
}
else {
vErrors.push(err6);
}
errors++;
}
}
else {
const err7 = {instancePath:instancePath+"/variations/" + i0+"/key",schemaPath:"common.schema.json#/$defs/key/type",keyword:"type",params:{type: "string"},message:"must be string",schema:schema33.type,parentSchema:schema33,data:data2};
if(vErrors === null){
vErrors = [err7];
}
else {
vErrors.push(err7);
}
errors++;
}
}
if(data1.weight !== undefined){
let data3 = data1.weight;
if((typeof data3 == "number") && (isFinite(data3))){
if(data3 > 100 || isNaN(data3)){
const err8 = {instancePath:instancePath+"/variations/" + i0+"/weight",schemaPath:"common.schema.json#/$defs/percent/maximum",keyword:"maximum",params:{comparison: "<=", limit: 100},message:"must be <= 100",schema:100,parentSchema:schema74,data:data3};
if(vErrors === null){
vErrors = [err8];
}
else {
vErrors.push(err8);
}
errors++;
}
if(data3 < 0 || isNaN(data3)){
const err9 = {instancePath:instancePath+"/variations/" + i0+"/weight",schemaPath:"common.schema.json#/$defs/percent/minimum",keyword:"minimum",params:{comparison: ">=", limit: 0},message:"must be >= 0",schema:0,parentSchema:schema74,data:data3};
if(vErrors === null){
vErrors = [err9];
}
else {
vErrors.push(err9);
}
errors++;
}
}
else {
const err10 = {instancePath:instancePath+"/variations/" + i0+"/weight",schemaPath:"common.schema.json#/$defs/percent/type",keyword:"type",params:{type: "number"},message:"must be number",schema:schema74.type,parentSchema:schema74,data:data3};
if(vErrors === null){
vErrors = [err10];
}
else {
vErrors.push(err10);
}
errors++;
}
}
}
else {
const err11 = {instancePath:instancePath+"/variations/" + i0,schemaPath:"#/properties/variations/items/type",keyword:"type",params:{type: "object"},message:"must be object",schema:schema80.properties.variations.items.type,parentSchema:schema80.properties.variations.items,data:data1};
if(vErrors === null){
vErrors = [err11];
}
else {
vErrors.push(err11);
}
errors++;
}
}
}
else {
const err12 = {instancePath:instancePath+"/variations",schemaPath:"#/properties/variations/type",keyword:"type",params:{type: "array"},message:"must be array",schema:schema80.properties.variations.type,parentSchema:schema80.properties.variations,data:data0};
if(vErrors === null){
vErrors = [err12];
}
else {
vErrors.push(err12);
}
errors++;
}
}
}
else {
const err13 = {instancePath,schemaPath:"#/type",keyword:"type",params:{type: "object"},message:"must be object",schema:schema80.type,parentSchema:schema80,data};
if(vErrors === null){
vErrors = [err13];
}
else {
vErrors.push(err13);
}
errors++;
}
validate48.errors = vErrors;
return errors === 0;
}
validate48.evaluated = {"props":true,"dynamicProps":false,"dynamicItems":false};


function validate47(data, {instancePath="", parentData, parentDataProperty, rootData=data, dynamicAnchors={}}={}){
let vErrors = null;
let errors = 0;
const evaluated0 = validate47.evaluated;
if(evaluated0.dynamicProps){
evaluated0.props = undefined;
}
if(evaluated0.dynamicItems){
evaluated0.items = undefined;
}
if(data && typeof data == "object" && !Array.isArray(data)){
if(data.rollout === undefined){
const err0 = {instancePath,schemaPath:"#/required",keyword:"required",params:{missingProperty: "rollout"},message:"must have required property '"+"rollout"+"'",schema:schema79.required,parentSchema:schema79,data};
if(vErrors === null){
vErrors = [err0];
}
else {
vErrors.push(err0);
}
errors++;
}
for(const key0 in data){
if(!(key0 === "rollout")){
const err1 = {instancePath,schemaPath:"#/additionalProperties",keyword:"additionalProperties",params:{additionalProperty: key0},message:"must NOT have additional properties",schema:false,parentSchema:schema79,data};
if(vErrors === null){
vErrors = [err1];
}
else {
vErrors.push(err1);
}
errors++;
}
}
if(data.rollout !== undefined){
if(!(validate48(data.rollout, {instancePath:instancePath+"/rollout",parentData:data,parentDataProperty:"rollout",rootData,dynamicAnchors}))){
if (vErrors === null) vErrors = validate48.errors; else for (const error of validate48.errors) vErrors.push(error);
errors = vErrors.length;
}
}
}
else {
const err2 = {instancePath,schemaPath:"#/type",keyword:"type",params:{type: "object"},message:"must be object",schema:schema79.type,parentSchema:schema79,data};
if(vErrors === null){
vErrors = [err2];
}
else {
vErrors.push(err2);
}
errors++;
}
validate47.errors = vErrors;
return errors === 0;
}
validate47.evaluated = {"props":true,"dynamicProps":false,"dynamicItems":false};

const schema83 = {"title":"ExperimentOutcome","type":"object","required":["experiment"],"additionalProperties":false,"properties":{"experiment":{"$ref":"common.schema.json#/$defs/key","description":"The experiment that assigns an arm."}}};

function validate51(data, {instancePath="", parentData, parentDataProperty, rootData=data, dynamicAnchors={}}={}){
let vErrors = null;
let errors = 0;
const evaluated0 = validate51.evaluated;
if(evaluated0.dynamicProps){
evaluated0.props = undefined;
}
if(evaluated0.dynamicItems){
evaluated0.items = undefined;
}
if(data && typeof data == "object" && !Array.isArray(data)){
if(data.experiment === undefined){
const err0 = {instancePath,schemaPath:"#/required",keyword:"required",params:{missingProperty: "experiment"},message:"must have required property '"+"experiment"+"'",schema:schema83.required,parentSchema:schema83,data};
if(vErrors === null){
vErrors = [err0];
}
else {
vErrors.push(err0);
}
errors++;
}
for(const key0 in data){
if(!(key0 === "experiment")){
const err1 = {instancePath,schemaPath:"#/additionalProperties",keyword:"additionalProperties",params:{additionalProperty: key0},message:"must NOT have additional properties",schema:false,parentSchema:schema83,data};
if(vErrors === null){
vErrors = [err1];
}
else {
vErrors.push(err1);
}
errors++;
}
}
if(data.experiment !== undefined){
let data0 = data.experiment;
if(typeof data0 === "string"){
if(!pattern5.test(data0)){
const err2 = {instancePath:instancePath+"/experiment",schemaPath:"common.schema.json#/$defs/key/pattern",keyword:"pattern",params:{pattern: "^[a-z0-9][a-z0-9._-]{0,99}$"},message:"must match pattern \""+"^[a-z0-9][a-z0-9._-]{0,99}$"+"\"",schema:"^[a-z0-9][a-z0-9._-]{0,99}$",parentSchema:schema33,data:data0};
if(vErrors === null){
vErrors = [err2];
}
else {
vErrors.push(err2);
}
errors++;
}
}
else {
const err3 = {instancePath:instancePath+"/experiment",schemaPath:"common.schema.json#/$defs/key/type",keyword:"type",params:{type: "string"},message:"must be string",schema:schema33.type,parentSchema:schema33,data:data0};
if(vErrors === null){
vErrors = [err3];
}
else {
vErrors.push(err3);
}
errors++;
}
}
}
else {
const err4 = {instancePath,schemaPath:"#/type",keyword:"type",params:{type: "object"},message:"must be object",schema:schema83.type,parentSchema:schema83,data};
if(vErrors === null){
vErrors = [err4];
}
else {
vErrors.push(err4);
}
errors++;
}
validate51.errors = vErrors;
return errors === 0;
}
validate51.evaluated = {"props":true,"dynamicProps":false,"dynamicItems":false};


function validate42(data, {instancePath="", parentData, parentDataProperty, rootData=data, dynamicAnchors={}}={}){
let vErrors = null;
let errors = 0;
const evaluated0 = validate42.evaluated;
if(evaluated0.dynamicProps){
evaluated0.props = undefined;
}
if(evaluated0.dynamicItems){
evaluated0.items = undefined;
}
const _errs0 = errors;
let valid0 = false;
let passing0 = null;
const _errs1 = errors;
if(!(validate43(data, {instancePath,parentData,parentDataProperty,rootData,dynamicAnchors}))){
if (vErrors === null) vErrors = validate43.errors; else for (const error of validate43.errors) vErrors.push(error);
errors = vErrors.length;
}
var _valid0 = _errs1 === errors;
if(_valid0){
valid0 = true;
passing0 = 0;
var props0 = true;
}
const _errs2 = errors;
if(!(validate47(data, {instancePath,parentData,parentDataProperty,rootData,dynamicAnchors}))){
if (vErrors === null) vErrors = validate47.errors; else for (const error of validate47.errors) vErrors.push(error);
errors = vErrors.length;
}
var _valid0 = _errs2 === errors;
if(_valid0 && valid0){
valid0 = false;
passing0 = [passing0, 1];
}
else {
if(_valid0){
valid0 = true;
passing0 = 1;
if(props0 !== true){
props0 = true;
}
}
const _errs3 = errors;
if(!(validate51(data, {instancePath,parentData,parentDataProperty,rootData,dynamicAnchors}))){
if (vErrors === null) vErrors = validate51.errors; else for (const error of validate51.errors) vErrors.push(error);
errors = vErrors.length;
}
var _valid0 = _errs3 === errors;
if(_valid0 && valid0){
valid0 = false;
passing0 = [passing0, 2];
}
else {
if(_valid0){
valid0 = true;
passing0 = 2;
if(props0 !== true){
props0 = true;
}
}
}
}
if(!valid0){
const err0 = {instancePath,schemaPath:"#/oneOf",keyword:"oneOf",params:{passingSchemas: passing0},message:"must match exactly one schema in oneOf",schema:schema71.oneOf,parentSchema:schema71,data};
if(vErrors === null){
vErrors = [err0];
}
else {
vErrors.push(err0);
}
errors++;
}
else {
errors = _errs0;
if(vErrors !== null){
if(_errs0){
vErrors.length = _errs0;
}
else {
vErrors = null;
}
}
}
validate42.errors = vErrors;
evaluated0.props = props0;
return errors === 0;
}
validate42.evaluated = {"dynamicProps":true,"dynamicItems":false};


function validate29(data, {instancePath="", parentData, parentDataProperty, rootData=data, dynamicAnchors={}}={}){
let vErrors = null;
let errors = 0;
const evaluated0 = validate29.evaluated;
if(evaluated0.dynamicProps){
evaluated0.props = undefined;
}
if(evaluated0.dynamicItems){
evaluated0.items = undefined;
}
if(data && typeof data == "object" && !Array.isArray(data)){
if(data.then === undefined){
const err0 = {instancePath,schemaPath:"#/required",keyword:"required",params:{missingProperty: "then"},message:"must have required property '"+"then"+"'",schema:schema57.required,parentSchema:schema57,data};
if(vErrors === null){
vErrors = [err0];
}
else {
vErrors.push(err0);
}
errors++;
}
for(const key0 in data){
if(!(((((key0 === "name") || (key0 === "if")) || (key0 === "from")) || (key0 === "until")) || (key0 === "then"))){
const err1 = {instancePath,schemaPath:"#/additionalProperties",keyword:"additionalProperties",params:{additionalProperty: key0},message:"must NOT have additional properties",schema:false,parentSchema:schema57,data};
if(vErrors === null){
vErrors = [err1];
}
else {
vErrors.push(err1);
}
errors++;
}
}
if(data.name !== undefined){
let data0 = data.name;
if(typeof data0 === "string"){
if(func1(data0) > 200){
const err2 = {instancePath:instancePath+"/name",schemaPath:"#/properties/name/maxLength",keyword:"maxLength",params:{limit: 200},message:"must NOT have more than 200 characters",schema:200,parentSchema:schema57.properties.name,data:data0};
if(vErrors === null){
vErrors = [err2];
}
else {
vErrors.push(err2);
}
errors++;
}
if(func1(data0) < 1){
const err3 = {instancePath:instancePath+"/name",schemaPath:"#/properties/name/minLength",keyword:"minLength",params:{limit: 1},message:"must NOT have fewer than 1 characters",schema:1,parentSchema:schema57.properties.name,data:data0};
if(vErrors === null){
vErrors = [err3];
}
else {
vErrors.push(err3);
}
errors++;
}
}
else {
const err4 = {instancePath:instancePath+"/name",schemaPath:"#/properties/name/type",keyword:"type",params:{type: "string"},message:"must be string",schema:schema57.properties.name.type,parentSchema:schema57.properties.name,data:data0};
if(vErrors === null){
vErrors = [err4];
}
else {
vErrors.push(err4);
}
errors++;
}
}
if(data.if !== undefined){
if(!(validate30(data.if, {instancePath:instancePath+"/if",parentData:data,parentDataProperty:"if",rootData,dynamicAnchors}))){
if (vErrors === null) vErrors = validate30.errors; else for (const error of validate30.errors) vErrors.push(error);
errors = vErrors.length;
}
}
if(data.from !== undefined){
let data2 = data.from;
if(!(typeof data2 === "string")){
const err5 = {instancePath:instancePath+"/from",schemaPath:"#/$defs/instant/type",keyword:"type",params:{type: "string"},message:"must be string",schema:schema69.type,parentSchema:schema69,data:data2};
if(vErrors === null){
vErrors = [err5];
}
else {
vErrors.push(err5);
}
errors++;
}
}
if(data.until !== undefined){
let data3 = data.until;
if(!(typeof data3 === "string")){
const err6 = {instancePath:instancePath+"/until",schemaPath:"#/$defs/instant/type",keyword:"type",params:{type: "string"},message:"must be string",schema:schema69.type,parentSchema:schema69,data:data3};
if(vErrors === null){
vErrors = [err6];
}
else {
vErrors.push(err6);
}
errors++;
}
}
if(data.then !== undefined){
if(!(validate42(data.then, {instancePath:instancePath+"/then",parentData:data,parentDataProperty:"then",rootData,dynamicAnchors}))){
if (vErrors === null) vErrors = validate42.errors; else for (const error of validate42.errors) vErrors.push(error);
errors = vErrors.length;
}
}
}
else {
const err7 = {instancePath,schemaPath:"#/type",keyword:"type",params:{type: "object"},message:"must be object",schema:schema57.type,parentSchema:schema57,data};
if(vErrors === null){
vErrors = [err7];
}
else {
vErrors.push(err7);
}
errors++;
}
validate29.errors = vErrors;
return errors === 0;
}
validate29.evaluated = {"props":true,"dynamicProps":false,"dynamicItems":false};


function validate28(data, {instancePath="", parentData, parentDataProperty, rootData=data, dynamicAnchors={}}={}){
let vErrors = null;
let errors = 0;
const evaluated0 = validate28.evaluated;
if(evaluated0.dynamicProps){
evaluated0.props = undefined;
}
if(evaluated0.dynamicItems){
evaluated0.items = undefined;
}
const _errs2 = errors;
const _errs3 = errors;
if(data && typeof data == "object" && !Array.isArray(data)){
let missing0;
if(((data.serve === undefined) && (missing0 = "serve")) || ((data.rollout === undefined) && (missing0 = "rollout"))){
const err0 = {};
if(vErrors === null){
vErrors = [err0];
}
else {
vErrors.push(err0);
}
errors++;
}
}
var valid1 = _errs3 === errors;
if(valid1){
const err1 = {instancePath,schemaPath:"#/allOf/0/not",keyword:"not",params:{},message:"must NOT be valid",schema:schema54.allOf[0].not,parentSchema:schema54.allOf[0],data};
if(vErrors === null){
vErrors = [err1];
}
else {
vErrors.push(err1);
}
errors++;
}
else {
errors = _errs2;
if(vErrors !== null){
if(_errs2){
vErrors.length = _errs2;
}
else {
vErrors = null;
}
}
}
const _errs5 = errors;
const _errs6 = errors;
if(data && typeof data == "object" && !Array.isArray(data)){
let missing1;
if(((data.serve === undefined) && (missing1 = "serve")) || ((data.experiment === undefined) && (missing1 = "experiment"))){
const err2 = {};
if(vErrors === null){
vErrors = [err2];
}
else {
vErrors.push(err2);
}
errors++;
}
}
var valid2 = _errs6 === errors;
if(valid2){
const err3 = {instancePath,schemaPath:"#/allOf/1/not",keyword:"not",params:{},message:"must NOT be valid",schema:schema54.allOf[1].not,parentSchema:schema54.allOf[1],data};
if(vErrors === null){
vErrors = [err3];
}
else {
vErrors.push(err3);
}
errors++;
}
else {
errors = _errs5;
if(vErrors !== null){
if(_errs5){
vErrors.length = _errs5;
}
else {
vErrors = null;
}
}
}
const _errs8 = errors;
const _errs9 = errors;
if(data && typeof data == "object" && !Array.isArray(data)){
let missing2;
if(((data.rollout === undefined) && (missing2 = "rollout")) || ((data.experiment === undefined) && (missing2 = "experiment"))){
const err4 = {};
if(vErrors === null){
vErrors = [err4];
}
else {
vErrors.push(err4);
}
errors++;
}
}
var valid3 = _errs9 === errors;
if(valid3){
const err5 = {instancePath,schemaPath:"#/allOf/2/not",keyword:"not",params:{},message:"must NOT be valid",schema:schema54.allOf[2].not,parentSchema:schema54.allOf[2],data};
if(vErrors === null){
vErrors = [err5];
}
else {
vErrors.push(err5);
}
errors++;
}
else {
errors = _errs8;
if(vErrors !== null){
if(_errs8){
vErrors.length = _errs8;
}
else {
vErrors = null;
}
}
}
const _errs11 = errors;
const _errs12 = errors;
if(data && typeof data == "object" && !Array.isArray(data)){
let missing3;
if(((data.percent === undefined) && (missing3 = "percent")) || ((data.ramp === undefined) && (missing3 = "ramp"))){
const err6 = {};
if(vErrors === null){
vErrors = [err6];
}
else {
vErrors.push(err6);
}
errors++;
}
}
var valid4 = _errs12 === errors;
if(valid4){
const err7 = {instancePath,schemaPath:"#/allOf/3/not",keyword:"not",params:{},message:"must NOT be valid",schema:schema54.allOf[3].not,parentSchema:schema54.allOf[3],data};
if(vErrors === null){
vErrors = [err7];
}
else {
vErrors.push(err7);
}
errors++;
}
else {
errors = _errs11;
if(vErrors !== null){
if(_errs11){
vErrors.length = _errs11;
}
else {
vErrors = null;
}
}
}
if(data && typeof data == "object" && !Array.isArray(data)){
for(const key0 in data){
if(!(func9.call(schema54.properties, key0))){
const err8 = {instancePath,schemaPath:"#/additionalProperties",keyword:"additionalProperties",params:{additionalProperty: key0},message:"must NOT have additional properties",schema:false,parentSchema:schema54,data};
if(vErrors === null){
vErrors = [err8];
}
else {
vErrors.push(err8);
}
errors++;
}
}
if(data.enabled !== undefined){
let data0 = data.enabled;
if(typeof data0 !== "boolean"){
const err9 = {instancePath:instancePath+"/enabled",schemaPath:"#/properties/enabled/type",keyword:"type",params:{type: "boolean"},message:"must be boolean",schema:schema54.properties.enabled.type,parentSchema:schema54.properties.enabled,data:data0};
if(vErrors === null){
vErrors = [err9];
}
else {
vErrors.push(err9);
}
errors++;
}
}
if(data.targets !== undefined){
let data1 = data.targets;
if(data1 && typeof data1 == "object" && !Array.isArray(data1)){
for(const key1 in data1){
const _errs18 = errors;
if(typeof key1 === "string"){
if(!pattern5.test(key1)){
const err10 = {instancePath:instancePath+"/targets",schemaPath:"common.schema.json#/$defs/key/pattern",keyword:"pattern",params:{pattern: "^[a-z0-9][a-z0-9._-]{0,99}$"},message:"must match pattern \""+"^[a-z0-9][a-z0-9._-]{0,99}$"+"\"",schema:"^[a-z0-9][a-z0-9._-]{0,99}$",parentSchema:schema33,data:key1,propertyName:key1};
if(vErrors === null){
vErrors = [err10];
}
else {
vErrors.push(err10);
}
errors++;
}
}
else {
const err11 = {instancePath:instancePath+"/targets",schemaPath:"common.schema.json#/$defs/key/type",keyword:"type",params:{type: "string"},message:"must be string",schema:schema33.type,parentSchema:schema33,data:key1,propertyName:key1};
if(vErrors === null){
vErrors = [err11];
}
else {
vErrors.push(err11);
}
errors++;
}
var valid6 = _errs18 === errors;
if(!valid6){
const err12 = {instancePath:instancePath+"/targets",schemaPath:"#/properties/targets/propertyNames",keyword:"propertyNames",params:{propertyName: key1},message:"property name must be valid",schema:schema54.properties.targets.propertyNames,parentSchema:schema54.properties.targets,data:data1};
if(vErrors === null){
vErrors = [err12];
}
else {
vErrors.push(err12);
}
errors++;
}
}
for(const key2 in data1){
let data2 = data1[key2];
if(Array.isArray(data2)){
const len0 = data2.length;
for(let i0=0; i0<len0; i0++){
let data3 = data2[i0];
if((typeof data3 !== "string") && (!(((typeof data3 == "number") && (!(data3 % 1) && !isNaN(data3))) && (isFinite(data3))))){
const err13 = {instancePath:instancePath+"/targets/" + key2.replace(/~/g, "~0").replace(/\//g, "~1")+"/" + i0,schemaPath:"common.schema.json#/$defs/unitList/items/type",keyword:"type",params:{type: schema56.items.type},message:"must be string,integer",schema:schema56.items.type,parentSchema:schema56.items,data:data3};
if(vErrors === null){
vErrors = [err13];
}
else {
vErrors.push(err13);
}
errors++;
}
if((typeof data3 == "number") && (isFinite(data3))){
if(data3 > 9007199254740991 || isNaN(data3)){
const err14 = {instancePath:instancePath+"/targets/" + key2.replace(/~/g, "~0").replace(/\//g, "~1")+"/" + i0,schemaPath:"common.schema.json#/$defs/unitList/items/maximum",keyword:"maximum",params:{comparison: "<=", limit: 9007199254740991},message:"must be <= 9007199254740991",schema:9007199254740991,parentSchema:schema56.items,data:data3};
if(vErrors === null){
vErrors = [err14];
}
else {
vErrors.push(err14);
}
errors++;
}
if(data3 < -9007199254740991 || isNaN(data3)){
const err15 = {instancePath:instancePath+"/targets/" + key2.replace(/~/g, "~0").replace(/\//g, "~1")+"/" + i0,schemaPath:"common.schema.json#/$defs/unitList/items/minimum",keyword:"minimum",params:{comparison: ">=", limit: -9007199254740991},message:"must be >= -9007199254740991",schema:-9007199254740991,parentSchema:schema56.items,data:data3};
if(vErrors === null){
vErrors = [err15];
}
else {
vErrors.push(err15);
}
errors++;
}
}
}
}
else {
const err16 = {instancePath:instancePath+"/targets/" + key2.replace(/~/g, "~0").replace(/\//g, "~1"),schemaPath:"common.schema.json#/$defs/unitList/type",keyword:"type",params:{type: "array"},message:"must be array",schema:schema56.type,parentSchema:schema56,data:data2};
if(vErrors === null){
vErrors = [err16];
}
else {
vErrors.push(err16);
}
errors++;
}
}
}
else {
const err17 = {instancePath:instancePath+"/targets",schemaPath:"#/properties/targets/type",keyword:"type",params:{type: "object"},message:"must be object",schema:schema54.properties.targets.type,parentSchema:schema54.properties.targets,data:data1};
if(vErrors === null){
vErrors = [err17];
}
else {
vErrors.push(err17);
}
errors++;
}
}
if(data.rules !== undefined){
let data4 = data.rules;
if(Array.isArray(data4)){
const len1 = data4.length;
for(let i1=0; i1<len1; i1++){
if(!(validate29(data4[i1], {instancePath:instancePath+"/rules/" + i1,parentData:data4,parentDataProperty:i1,rootData,dynamicAnchors}))){
if (vErrors === null) vErrors = validate29.errors; else for (const error of validate29.errors) vErrors.push(error);
errors = vErrors.length;
}
}
}
else {
const err18 = {instancePath:instancePath+"/rules",schemaPath:"#/properties/rules/type",keyword:"type",params:{type: "array"},message:"must be array",schema:schema54.properties.rules.type,parentSchema:schema54.properties.rules,data:data4};
if(vErrors === null){
vErrors = [err18];
}
else {
vErrors.push(err18);
}
errors++;
}
}
if(data.serve !== undefined){
let data6 = data.serve;
if(typeof data6 === "string"){
if(!pattern5.test(data6)){
const err19 = {instancePath:instancePath+"/serve",schemaPath:"common.schema.json#/$defs/key/pattern",keyword:"pattern",params:{pattern: "^[a-z0-9][a-z0-9._-]{0,99}$"},message:"must match pattern \""+"^[a-z0-9][a-z0-9._-]{0,99}$"+"\"",schema:"^[a-z0-9][a-z0-9._-]{0,99}$",parentSchema:schema33,data:data6};
if(vErrors === null){
vErrors = [err19];
}
else {
vErrors.push(err19);
}
errors++;
}
}
else {
const err20 = {instancePath:instancePath+"/serve",schemaPath:"common.schema.json#/$defs/key/type",keyword:"type",params:{type: "string"},message:"must be string",schema:schema33.type,parentSchema:schema33,data:data6};
if(vErrors === null){
vErrors = [err20];
}
else {
vErrors.push(err20);
}
errors++;
}
}
if(data.percent !== undefined){
let data7 = data.percent;
if((typeof data7 == "number") && (isFinite(data7))){
if(data7 > 100 || isNaN(data7)){
const err21 = {instancePath:instancePath+"/percent",schemaPath:"common.schema.json#/$defs/percent/maximum",keyword:"maximum",params:{comparison: "<=", limit: 100},message:"must be <= 100",schema:100,parentSchema:schema74,data:data7};
if(vErrors === null){
vErrors = [err21];
}
else {
vErrors.push(err21);
}
errors++;
}
if(data7 < 0 || isNaN(data7)){
const err22 = {instancePath:instancePath+"/percent",schemaPath:"common.schema.json#/$defs/percent/minimum",keyword:"minimum",params:{comparison: ">=", limit: 0},message:"must be >= 0",schema:0,parentSchema:schema74,data:data7};
if(vErrors === null){
vErrors = [err22];
}
else {
vErrors.push(err22);
}
errors++;
}
}
else {
const err23 = {instancePath:instancePath+"/percent",schemaPath:"common.schema.json#/$defs/percent/type",keyword:"type",params:{type: "number"},message:"must be number",schema:schema74.type,parentSchema:schema74,data:data7};
if(vErrors === null){
vErrors = [err23];
}
else {
vErrors.push(err23);
}
errors++;
}
}
if(data.ramp !== undefined){
if(!(validate44(data.ramp, {instancePath:instancePath+"/ramp",parentData:data,parentDataProperty:"ramp",rootData,dynamicAnchors}))){
if (vErrors === null) vErrors = validate44.errors; else for (const error of validate44.errors) vErrors.push(error);
errors = vErrors.length;
}
}
if(data.linear !== undefined){
let data9 = data.linear;
if(true !== data9){
const err24 = {instancePath:instancePath+"/linear",schemaPath:"#/$defs/linear/const",keyword:"const",params:{allowedValue: true},message:"must be equal to constant",schema:true,parentSchema:schema78,data:data9};
if(vErrors === null){
vErrors = [err24];
}
else {
vErrors.push(err24);
}
errors++;
}
}
if(data.rollout !== undefined){
if(!(validate48(data.rollout, {instancePath:instancePath+"/rollout",parentData:data,parentDataProperty:"rollout",rootData,dynamicAnchors}))){
if (vErrors === null) vErrors = validate48.errors; else for (const error of validate48.errors) vErrors.push(error);
errors = vErrors.length;
}
}
if(data.experiment !== undefined){
let data11 = data.experiment;
if(typeof data11 === "string"){
if(!pattern5.test(data11)){
const err25 = {instancePath:instancePath+"/experiment",schemaPath:"common.schema.json#/$defs/key/pattern",keyword:"pattern",params:{pattern: "^[a-z0-9][a-z0-9._-]{0,99}$"},message:"must match pattern \""+"^[a-z0-9][a-z0-9._-]{0,99}$"+"\"",schema:"^[a-z0-9][a-z0-9._-]{0,99}$",parentSchema:schema33,data:data11};
if(vErrors === null){
vErrors = [err25];
}
else {
vErrors.push(err25);
}
errors++;
}
}
else {
const err26 = {instancePath:instancePath+"/experiment",schemaPath:"common.schema.json#/$defs/key/type",keyword:"type",params:{type: "string"},message:"must be string",schema:schema33.type,parentSchema:schema33,data:data11};
if(vErrors === null){
vErrors = [err26];
}
else {
vErrors.push(err26);
}
errors++;
}
}
if(data.percent !== undefined){
if(data.serve === undefined){
const err27 = {instancePath,schemaPath:"#/dependentRequired",keyword:"dependentRequired",params:{property: "percent",
    missingProperty: "serve",
    depsCount: 1,
    deps: "serve"},message:"must have property serve when property percent is present",schema:schema54.dependentRequired,parentSchema:schema54,data};
if(vErrors === null){
vErrors = [err27];
}
else {
vErrors.push(err27);
}
errors++;
}
}
if(data.ramp !== undefined){
if(data.serve === undefined){
const err28 = {instancePath,schemaPath:"#/dependentRequired",keyword:"dependentRequired",params:{property: "ramp",
    missingProperty: "serve",
    depsCount: 1,
    deps: "serve"},message:"must have property serve when property ramp is present",schema:schema54.dependentRequired,parentSchema:schema54,data};
if(vErrors === null){
vErrors = [err28];
}
else {
vErrors.push(err28);
}
errors++;
}
}
if(data.linear !== undefined){
if(data.ramp === undefined){
const err29 = {instancePath,schemaPath:"#/dependentRequired",keyword:"dependentRequired",params:{property: "linear",
    missingProperty: "ramp",
    depsCount: 1,
    deps: "ramp"},message:"must have property ramp when property linear is present",schema:schema54.dependentRequired,parentSchema:schema54,data};
if(vErrors === null){
vErrors = [err29];
}
else {
vErrors.push(err29);
}
errors++;
}
}
}
else {
const err30 = {instancePath,schemaPath:"#/type",keyword:"type",params:{type: "object"},message:"must be object",schema:schema54.type,parentSchema:schema54,data};
if(vErrors === null){
vErrors = [err30];
}
else {
vErrors.push(err30);
}
errors++;
}
validate28.errors = vErrors;
return errors === 0;
}
validate28.evaluated = {"props":true,"dynamicProps":false,"dynamicItems":false};


function validate27(data, {instancePath="", parentData, parentDataProperty, rootData=data, dynamicAnchors={}}={}){
/*# sourceURL="flag.schema.json" */;
let vErrors = null;
let errors = 0;
const evaluated0 = validate27.evaluated;
if(evaluated0.dynamicProps){
evaluated0.props = undefined;
}
if(evaluated0.dynamicItems){
evaluated0.items = undefined;
}
const _errs1 = errors;
let valid0 = false;
let passing0 = null;
const _errs2 = errors;
if(data && typeof data == "object" && !Array.isArray(data)){
if(data.expires === undefined){
const err0 = {instancePath,schemaPath:"#/oneOf/0/required",keyword:"required",params:{missingProperty: "expires"},message:"must have required property '"+"expires"+"'",schema:schema46.oneOf[0].required,parentSchema:schema46.oneOf[0],data};
if(vErrors === null){
vErrors = [err0];
}
else {
vErrors.push(err0);
}
errors++;
}
}
var _valid0 = _errs2 === errors;
if(_valid0){
valid0 = true;
passing0 = 0;
}
const _errs3 = errors;
if(data && typeof data == "object" && !Array.isArray(data)){
if(data.permanent === undefined){
const err1 = {instancePath,schemaPath:"#/oneOf/1/required",keyword:"required",params:{missingProperty: "permanent"},message:"must have required property '"+"permanent"+"'",schema:schema46.oneOf[1].required,parentSchema:schema46.oneOf[1],data};
if(vErrors === null){
vErrors = [err1];
}
else {
vErrors.push(err1);
}
errors++;
}
}
var _valid0 = _errs3 === errors;
if(_valid0 && valid0){
valid0 = false;
passing0 = [passing0, 1];
}
else {
if(_valid0){
valid0 = true;
passing0 = 1;
}
}
if(!valid0){
const err2 = {instancePath,schemaPath:"#/oneOf",keyword:"oneOf",params:{passingSchemas: passing0},message:"must match exactly one schema in oneOf",schema:schema46.oneOf,parentSchema:schema46,data};
if(vErrors === null){
vErrors = [err2];
}
else {
vErrors.push(err2);
}
errors++;
}
else {
errors = _errs1;
if(vErrors !== null){
if(_errs1){
vErrors.length = _errs1;
}
else {
vErrors = null;
}
}
}
if(data && typeof data == "object" && !Array.isArray(data)){
if(data.flag === undefined){
const err3 = {instancePath,schemaPath:"#/required",keyword:"required",params:{missingProperty: "flag"},message:"must have required property '"+"flag"+"'",schema:schema46.required,parentSchema:schema46,data};
if(vErrors === null){
vErrors = [err3];
}
else {
vErrors.push(err3);
}
errors++;
}
if(data.type === undefined){
const err4 = {instancePath,schemaPath:"#/required",keyword:"required",params:{missingProperty: "type"},message:"must have required property '"+"type"+"'",schema:schema46.required,parentSchema:schema46,data};
if(vErrors === null){
vErrors = [err4];
}
else {
vErrors.push(err4);
}
errors++;
}
if(data.environments === undefined){
const err5 = {instancePath,schemaPath:"#/required",keyword:"required",params:{missingProperty: "environments"},message:"must have required property '"+"environments"+"'",schema:schema46.required,parentSchema:schema46,data};
if(vErrors === null){
vErrors = [err5];
}
else {
vErrors.push(err5);
}
errors++;
}
for(const key0 in data){
if(!(func9.call(schema46.properties, key0))){
const err6 = {instancePath,schemaPath:"#/additionalProperties",keyword:"additionalProperties",params:{additionalProperty: key0},message:"must NOT have additional properties",schema:false,parentSchema:schema46,data};
if(vErrors === null){
vErrors = [err6];
}
else {
vErrors.push(err6);
}
errors++;
}
}
if(data.flag !== undefined){
let data0 = data.flag;
if(typeof data0 === "string"){
if(!pattern5.test(data0)){
const err7 = {instancePath:instancePath+"/flag",schemaPath:"common.schema.json#/$defs/key/pattern",keyword:"pattern",params:{pattern: "^[a-z0-9][a-z0-9._-]{0,99}$"},message:"must match pattern \""+"^[a-z0-9][a-z0-9._-]{0,99}$"+"\"",schema:"^[a-z0-9][a-z0-9._-]{0,99}$",parentSchema:schema33,data:data0};
if(vErrors === null){
vErrors = [err7];
}
else {
vErrors.push(err7);
}
errors++;
}
}
else {
const err8 = {instancePath:instancePath+"/flag",schemaPath:"common.schema.json#/$defs/key/type",keyword:"type",params:{type: "string"},message:"must be string",schema:schema33.type,parentSchema:schema33,data:data0};
if(vErrors === null){
vErrors = [err8];
}
else {
vErrors.push(err8);
}
errors++;
}
}
if(data.description !== undefined){
let data1 = data.description;
if(typeof data1 !== "string"){
const err9 = {instancePath:instancePath+"/description",schemaPath:"#/properties/description/type",keyword:"type",params:{type: "string"},message:"must be string",schema:schema46.properties.description.type,parentSchema:schema46.properties.description,data:data1};
if(vErrors === null){
vErrors = [err9];
}
else {
vErrors.push(err9);
}
errors++;
}
}
if(data.owner !== undefined){
let data2 = data.owner;
if(typeof data2 !== "string"){
const err10 = {instancePath:instancePath+"/owner",schemaPath:"#/properties/owner/type",keyword:"type",params:{type: "string"},message:"must be string",schema:schema46.properties.owner.type,parentSchema:schema46.properties.owner,data:data2};
if(vErrors === null){
vErrors = [err10];
}
else {
vErrors.push(err10);
}
errors++;
}
}
if(data.tags !== undefined){
let data3 = data.tags;
if(Array.isArray(data3)){
const len0 = data3.length;
for(let i0=0; i0<len0; i0++){
let data4 = data3[i0];
if(typeof data4 !== "string"){
const err11 = {instancePath:instancePath+"/tags/" + i0,schemaPath:"#/properties/tags/items/type",keyword:"type",params:{type: "string"},message:"must be string",schema:schema46.properties.tags.items.type,parentSchema:schema46.properties.tags.items,data:data4};
if(vErrors === null){
vErrors = [err11];
}
else {
vErrors.push(err11);
}
errors++;
}
}
}
else {
const err12 = {instancePath:instancePath+"/tags",schemaPath:"#/properties/tags/type",keyword:"type",params:{type: "array"},message:"must be array",schema:schema46.properties.tags.type,parentSchema:schema46.properties.tags,data:data3};
if(vErrors === null){
vErrors = [err12];
}
else {
vErrors.push(err12);
}
errors++;
}
}
if(data.expires !== undefined){
let data5 = data.expires;
if(typeof data5 === "string"){
if(!pattern16.test(data5)){
const err13 = {instancePath:instancePath+"/expires",schemaPath:"#/properties/expires/pattern",keyword:"pattern",params:{pattern: "^\\d{4}-\\d{2}-\\d{2}$"},message:"must match pattern \""+"^\\d{4}-\\d{2}-\\d{2}$"+"\"",schema:"^\\d{4}-\\d{2}-\\d{2}$",parentSchema:schema46.properties.expires,data:data5};
if(vErrors === null){
vErrors = [err13];
}
else {
vErrors.push(err13);
}
errors++;
}
}
else {
const err14 = {instancePath:instancePath+"/expires",schemaPath:"#/properties/expires/type",keyword:"type",params:{type: "string"},message:"must be string",schema:schema46.properties.expires.type,parentSchema:schema46.properties.expires,data:data5};
if(vErrors === null){
vErrors = [err14];
}
else {
vErrors.push(err14);
}
errors++;
}
}
if(data.permanent !== undefined){
let data6 = data.permanent;
if(true !== data6){
const err15 = {instancePath:instancePath+"/permanent",schemaPath:"#/properties/permanent/const",keyword:"const",params:{allowedValue: true},message:"must be equal to constant",schema:true,parentSchema:schema46.properties.permanent,data:data6};
if(vErrors === null){
vErrors = [err15];
}
else {
vErrors.push(err15);
}
errors++;
}
}
if(data.type !== undefined){
let data7 = data.type;
if(!((((data7 === "boolean") || (data7 === "string")) || (data7 === "number")) || (data7 === "json"))){
const err16 = {instancePath:instancePath+"/type",schemaPath:"#/properties/type/enum",keyword:"enum",params:{allowedValues: schema46.properties.type.enum},message:"must be equal to one of the allowed values",schema:schema46.properties.type.enum,parentSchema:schema46.properties.type,data:data7};
if(vErrors === null){
vErrors = [err16];
}
else {
vErrors.push(err16);
}
errors++;
}
}
if(data.variations !== undefined){
let data8 = data.variations;
if(data8 && typeof data8 == "object" && !Array.isArray(data8)){
if(Object.keys(data8).length < 1){
const err17 = {instancePath:instancePath+"/variations",schemaPath:"#/properties/variations/minProperties",keyword:"minProperties",params:{limit: 1},message:"must NOT have fewer than 1 properties",schema:1,parentSchema:schema46.properties.variations,data:data8};
if(vErrors === null){
vErrors = [err17];
}
else {
vErrors.push(err17);
}
errors++;
}
for(const key1 in data8){
const _errs22 = errors;
if(typeof key1 === "string"){
if(!pattern5.test(key1)){
const err18 = {instancePath:instancePath+"/variations",schemaPath:"common.schema.json#/$defs/key/pattern",keyword:"pattern",params:{pattern: "^[a-z0-9][a-z0-9._-]{0,99}$"},message:"must match pattern \""+"^[a-z0-9][a-z0-9._-]{0,99}$"+"\"",schema:"^[a-z0-9][a-z0-9._-]{0,99}$",parentSchema:schema33,data:key1,propertyName:key1};
if(vErrors === null){
vErrors = [err18];
}
else {
vErrors.push(err18);
}
errors++;
}
}
else {
const err19 = {instancePath:instancePath+"/variations",schemaPath:"common.schema.json#/$defs/key/type",keyword:"type",params:{type: "string"},message:"must be string",schema:schema33.type,parentSchema:schema33,data:key1,propertyName:key1};
if(vErrors === null){
vErrors = [err19];
}
else {
vErrors.push(err19);
}
errors++;
}
var valid5 = _errs22 === errors;
if(!valid5){
const err20 = {instancePath:instancePath+"/variations",schemaPath:"#/properties/variations/propertyNames",keyword:"propertyNames",params:{propertyName: key1},message:"property name must be valid",schema:schema46.properties.variations.propertyNames,parentSchema:schema46.properties.variations,data:data8};
if(vErrors === null){
vErrors = [err20];
}
else {
vErrors.push(err20);
}
errors++;
}
}
for(const key2 in data8){
let data9 = data8[key2];
if((((!data9 || typeof data9 != "object") && (typeof data9 !== "boolean")) && (typeof data9 !== "string")) && (!((typeof data9 == "number") && (isFinite(data9))))){
const err21 = {instancePath:instancePath+"/variations/" + key2.replace(/~/g, "~0").replace(/\//g, "~1"),schemaPath:"#/properties/variations/additionalProperties/type",keyword:"type",params:{type: schema46.properties.variations.additionalProperties.type},message:"must be boolean,string,number,object,array",schema:schema46.properties.variations.additionalProperties.type,parentSchema:schema46.properties.variations.additionalProperties,data:data9};
if(vErrors === null){
vErrors = [err21];
}
else {
vErrors.push(err21);
}
errors++;
}
}
}
else {
const err22 = {instancePath:instancePath+"/variations",schemaPath:"#/properties/variations/type",keyword:"type",params:{type: "object"},message:"must be object",schema:schema46.properties.variations.type,parentSchema:schema46.properties.variations,data:data8};
if(vErrors === null){
vErrors = [err22];
}
else {
vErrors.push(err22);
}
errors++;
}
}
if(data.off !== undefined){
let data10 = data.off;
if(typeof data10 === "string"){
if(!pattern5.test(data10)){
const err23 = {instancePath:instancePath+"/off",schemaPath:"common.schema.json#/$defs/key/pattern",keyword:"pattern",params:{pattern: "^[a-z0-9][a-z0-9._-]{0,99}$"},message:"must match pattern \""+"^[a-z0-9][a-z0-9._-]{0,99}$"+"\"",schema:"^[a-z0-9][a-z0-9._-]{0,99}$",parentSchema:schema33,data:data10};
if(vErrors === null){
vErrors = [err23];
}
else {
vErrors.push(err23);
}
errors++;
}
}
else {
const err24 = {instancePath:instancePath+"/off",schemaPath:"common.schema.json#/$defs/key/type",keyword:"type",params:{type: "string"},message:"must be string",schema:schema33.type,parentSchema:schema33,data:data10};
if(vErrors === null){
vErrors = [err24];
}
else {
vErrors.push(err24);
}
errors++;
}
}
if(data.unit !== undefined){
let data11 = data.unit;
if(typeof data11 === "string"){
if(func1(data11) < 1){
const err25 = {instancePath:instancePath+"/unit",schemaPath:"common.schema.json#/$defs/attributeName/minLength",keyword:"minLength",params:{limit: 1},message:"must NOT have fewer than 1 characters",schema:1,parentSchema:schema34,data:data11};
if(vErrors === null){
vErrors = [err25];
}
else {
vErrors.push(err25);
}
errors++;
}
}
else {
const err26 = {instancePath:instancePath+"/unit",schemaPath:"common.schema.json#/$defs/attributeName/type",keyword:"type",params:{type: "string"},message:"must be string",schema:schema34.type,parentSchema:schema34,data:data11};
if(vErrors === null){
vErrors = [err26];
}
else {
vErrors.push(err26);
}
errors++;
}
}
if(data.requires !== undefined){
let data12 = data.requires;
if(Array.isArray(data12)){
const len1 = data12.length;
for(let i1=0; i1<len1; i1++){
let data13 = data12[i1];
if(data13 && typeof data13 == "object" && !Array.isArray(data13)){
if(data13.flag === undefined){
const err27 = {instancePath:instancePath+"/requires/" + i1,schemaPath:"#/properties/requires/items/required",keyword:"required",params:{missingProperty: "flag"},message:"must have required property '"+"flag"+"'",schema:schema46.properties.requires.items.required,parentSchema:schema46.properties.requires.items,data:data13};
if(vErrors === null){
vErrors = [err27];
}
else {
vErrors.push(err27);
}
errors++;
}
if(data13.variation === undefined){
const err28 = {instancePath:instancePath+"/requires/" + i1,schemaPath:"#/properties/requires/items/required",keyword:"required",params:{missingProperty: "variation"},message:"must have required property '"+"variation"+"'",schema:schema46.properties.requires.items.required,parentSchema:schema46.properties.requires.items,data:data13};
if(vErrors === null){
vErrors = [err28];
}
else {
vErrors.push(err28);
}
errors++;
}
for(const key3 in data13){
if(!((key3 === "flag") || (key3 === "variation"))){
const err29 = {instancePath:instancePath+"/requires/" + i1,schemaPath:"#/properties/requires/items/additionalProperties",keyword:"additionalProperties",params:{additionalProperty: key3},message:"must NOT have additional properties",schema:false,parentSchema:schema46.properties.requires.items,data:data13};
if(vErrors === null){
vErrors = [err29];
}
else {
vErrors.push(err29);
}
errors++;
}
}
if(data13.flag !== undefined){
let data14 = data13.flag;
if(typeof data14 === "string"){
if(!pattern5.test(data14)){
const err30 = {instancePath:instancePath+"/requires/" + i1+"/flag",schemaPath:"common.schema.json#/$defs/key/pattern",keyword:"pattern",params:{pattern: "^[a-z0-9][a-z0-9._-]{0,99}$"},message:"must match pattern \""+"^[a-z0-9][a-z0-9._-]{0,99}$"+"\"",schema:"^[a-z0-9][a-z0-9._-]{0,99}$",parentSchema:schema33,data:data14};
if(vErrors === null){
vErrors = [err30];
}
else {
vErrors.push(err30);
}
errors++;
}
}
else {
const err31 = {instancePath:instancePath+"/requires/" + i1+"/flag",schemaPath:"common.schema.json#/$defs/key/type",keyword:"type",params:{type: "string"},message:"must be string",schema:schema33.type,parentSchema:schema33,data:data14};
if(vErrors === null){
vErrors = [err31];
}
else {
vErrors.push(err31);
}
errors++;
}
}
if(data13.variation !== undefined){
let data15 = data13.variation;
if(typeof data15 === "string"){
if(!pattern5.test(data15)){
const err32 = {instancePath:instancePath+"/requires/" + i1+"/variation",schemaPath:"common.schema.json#/$defs/key/pattern",keyword:"pattern",params:{pattern: "^[a-z0-9][a-z0-9._-]{0,99}$"},message:"must match pattern \""+"^[a-z0-9][a-z0-9._-]{0,99}$"+"\"",schema:"^[a-z0-9][a-z0-9._-]{0,99}$",parentSchema:schema33,data:data15};
if(vErrors === null){
vErrors = [err32];
}
else {
vErrors.push(err32);
}
errors++;
}
}
else {
const err33 = {instancePath:instancePath+"/requires/" + i1+"/variation",schemaPath:"common.schema.json#/$defs/key/type",keyword:"type",params:{type: "string"},message:"must be string",schema:schema33.type,parentSchema:schema33,data:data15};
if(vErrors === null){
vErrors = [err33];
}
else {
vErrors.push(err33);
}
errors++;
}
}
}
else {
const err34 = {instancePath:instancePath+"/requires/" + i1,schemaPath:"#/properties/requires/items/type",keyword:"type",params:{type: "object"},message:"must be object",schema:schema46.properties.requires.items.type,parentSchema:schema46.properties.requires.items,data:data13};
if(vErrors === null){
vErrors = [err34];
}
else {
vErrors.push(err34);
}
errors++;
}
}
}
else {
const err35 = {instancePath:instancePath+"/requires",schemaPath:"#/properties/requires/type",keyword:"type",params:{type: "array"},message:"must be array",schema:schema46.properties.requires.type,parentSchema:schema46.properties.requires,data:data12};
if(vErrors === null){
vErrors = [err35];
}
else {
vErrors.push(err35);
}
errors++;
}
}
if(data.environments !== undefined){
let data16 = data.environments;
if(data16 && typeof data16 == "object" && !Array.isArray(data16)){
for(const key4 in data16){
const _errs47 = errors;
if(typeof key4 === "string"){
if(!pattern5.test(key4)){
const err36 = {instancePath:instancePath+"/environments",schemaPath:"common.schema.json#/$defs/key/pattern",keyword:"pattern",params:{pattern: "^[a-z0-9][a-z0-9._-]{0,99}$"},message:"must match pattern \""+"^[a-z0-9][a-z0-9._-]{0,99}$"+"\"",schema:"^[a-z0-9][a-z0-9._-]{0,99}$",parentSchema:schema33,data:key4,propertyName:key4};
if(vErrors === null){
vErrors = [err36];
}
else {
vErrors.push(err36);
}
errors++;
}
}
else {
const err37 = {instancePath:instancePath+"/environments",schemaPath:"common.schema.json#/$defs/key/type",keyword:"type",params:{type: "string"},message:"must be string",schema:schema33.type,parentSchema:schema33,data:key4,propertyName:key4};
if(vErrors === null){
vErrors = [err37];
}
else {
vErrors.push(err37);
}
errors++;
}
var valid15 = _errs47 === errors;
if(!valid15){
const err38 = {instancePath:instancePath+"/environments",schemaPath:"#/properties/environments/propertyNames",keyword:"propertyNames",params:{propertyName: key4},message:"property name must be valid",schema:schema46.properties.environments.propertyNames,parentSchema:schema46.properties.environments,data:data16};
if(vErrors === null){
vErrors = [err38];
}
else {
vErrors.push(err38);
}
errors++;
}
}
for(const key5 in data16){
if(!(validate28(data16[key5], {instancePath:instancePath+"/environments/" + key5.replace(/~/g, "~0").replace(/\//g, "~1"),parentData:data16,parentDataProperty:key5,rootData,dynamicAnchors}))){
if (vErrors === null) vErrors = validate28.errors; else for (const error of validate28.errors) vErrors.push(error);
errors = vErrors.length;
}
}
}
else {
const err39 = {instancePath:instancePath+"/environments",schemaPath:"#/properties/environments/type",keyword:"type",params:{type: "object"},message:"must be object",schema:schema46.properties.environments.type,parentSchema:schema46.properties.environments,data:data16};
if(vErrors === null){
vErrors = [err39];
}
else {
vErrors.push(err39);
}
errors++;
}
}
}
else {
const err40 = {instancePath,schemaPath:"#/type",keyword:"type",params:{type: "object"},message:"must be object",schema:schema46.type,parentSchema:schema46,data};
if(vErrors === null){
vErrors = [err40];
}
else {
vErrors.push(err40);
}
errors++;
}
validate27.errors = vErrors;
return errors === 0;
}
validate27.evaluated = {"props":true,"dynamicProps":false,"dynamicItems":false};

export const segment = validate58;
const schema89 = {"$schema":"https://json-schema.org/draft/2020-12/schema","$id":"segment.schema.json","title":"SegmentDefinition","description":"A named group of subjects that rules can share. `exclude` wins over `include`, `include` over `if`.","type":"object","required":["segment"],"additionalProperties":false,"properties":{"segment":{"$ref":"common.schema.json#/$defs/key","description":"The segment's key, which is also the file's name."},"description":{"description":"Who these people are.","type":"string"},"owner":{"description":"The team or person who answers for the segment.","type":"string"},"tags":{"description":"Free words to find segments by.","type":"array","items":{"type":"string"}},"unit":{"$ref":"common.schema.json#/$defs/attributeName","description":"What `include` and `exclude` compare (default `targetingKey`)."},"include":{"$ref":"common.schema.json#/$defs/unitList","description":"Units that are always in."},"exclude":{"$ref":"common.schema.json#/$defs/unitList","description":"Units that are never in."},"if":{"$ref":"common.schema.json#/$defs/condition","description":"Who else is in."}}};

function validate59(data, {instancePath="", parentData, parentDataProperty, rootData=data, dynamicAnchors={}}={}){
let vErrors = null;
let errors = 0;
const evaluated0 = validate59.evaluated;
if(evaluated0.dynamicProps){
evaluated0.props = undefined;
}
if(evaluated0.dynamicItems){
evaluated0.items = undefined;
}
const _errs0 = errors;
let valid0 = false;
let passing0 = null;
const _errs1 = errors;
if(!(validate31(data, {instancePath,parentData,parentDataProperty,rootData,dynamicAnchors}))){
if (vErrors === null) vErrors = validate31.errors; else for (const error of validate31.errors) vErrors.push(error);
errors = vErrors.length;
}
var _valid0 = _errs1 === errors;
if(_valid0){
valid0 = true;
passing0 = 0;
var props0 = true;
}
const _errs2 = errors;
if(!(validate33(data, {instancePath,parentData,parentDataProperty,rootData,dynamicAnchors}))){
if (vErrors === null) vErrors = validate33.errors; else for (const error of validate33.errors) vErrors.push(error);
errors = vErrors.length;
}
var _valid0 = _errs2 === errors;
if(_valid0 && valid0){
valid0 = false;
passing0 = [passing0, 1];
}
else {
if(_valid0){
valid0 = true;
passing0 = 1;
if(props0 !== true){
props0 = true;
}
}
const _errs3 = errors;
if(!(validate35(data, {instancePath,parentData,parentDataProperty,rootData,dynamicAnchors}))){
if (vErrors === null) vErrors = validate35.errors; else for (const error of validate35.errors) vErrors.push(error);
errors = vErrors.length;
}
var _valid0 = _errs3 === errors;
if(_valid0 && valid0){
valid0 = false;
passing0 = [passing0, 2];
}
else {
if(_valid0){
valid0 = true;
passing0 = 2;
if(props0 !== true){
props0 = true;
}
}
const _errs4 = errors;
if(!(validate37(data, {instancePath,parentData,parentDataProperty,rootData,dynamicAnchors}))){
if (vErrors === null) vErrors = validate37.errors; else for (const error of validate37.errors) vErrors.push(error);
errors = vErrors.length;
}
var _valid0 = _errs4 === errors;
if(_valid0 && valid0){
valid0 = false;
passing0 = [passing0, 3];
}
else {
if(_valid0){
valid0 = true;
passing0 = 3;
if(props0 !== true){
props0 = true;
}
}
const _errs5 = errors;
if(!(validate39(data, {instancePath,parentData,parentDataProperty,rootData,dynamicAnchors}))){
if (vErrors === null) vErrors = validate39.errors; else for (const error of validate39.errors) vErrors.push(error);
errors = vErrors.length;
}
var _valid0 = _errs5 === errors;
if(_valid0 && valid0){
valid0 = false;
passing0 = [passing0, 4];
}
else {
if(_valid0){
valid0 = true;
passing0 = 4;
if(props0 !== true){
props0 = true;
}
}
}
}
}
}
if(!valid0){
const err0 = {instancePath,schemaPath:"#/oneOf",keyword:"oneOf",params:{passingSchemas: passing0},message:"must match exactly one schema in oneOf",schema:schema58.oneOf,parentSchema:schema58,data};
if(vErrors === null){
vErrors = [err0];
}
else {
vErrors.push(err0);
}
errors++;
}
else {
errors = _errs0;
if(vErrors !== null){
if(_errs0){
vErrors.length = _errs0;
}
else {
vErrors = null;
}
}
}
validate59.errors = vErrors;
evaluated0.props = props0;
return errors === 0;
}
validate59.evaluated = {"dynamicProps":true,"dynamicItems":false};


function validate58(data, {instancePath="", parentData, parentDataProperty, rootData=data, dynamicAnchors={}}={}){
/*# sourceURL="segment.schema.json" */;
let vErrors = null;
let errors = 0;
const evaluated0 = validate58.evaluated;
if(evaluated0.dynamicProps){
evaluated0.props = undefined;
}
if(evaluated0.dynamicItems){
evaluated0.items = undefined;
}
if(data && typeof data == "object" && !Array.isArray(data)){
if(data.segment === undefined){
const err0 = {instancePath,schemaPath:"#/required",keyword:"required",params:{missingProperty: "segment"},message:"must have required property '"+"segment"+"'",schema:schema89.required,parentSchema:schema89,data};
if(vErrors === null){
vErrors = [err0];
}
else {
vErrors.push(err0);
}
errors++;
}
for(const key0 in data){
if(!((((((((key0 === "segment") || (key0 === "description")) || (key0 === "owner")) || (key0 === "tags")) || (key0 === "unit")) || (key0 === "include")) || (key0 === "exclude")) || (key0 === "if"))){
const err1 = {instancePath,schemaPath:"#/additionalProperties",keyword:"additionalProperties",params:{additionalProperty: key0},message:"must NOT have additional properties",schema:false,parentSchema:schema89,data};
if(vErrors === null){
vErrors = [err1];
}
else {
vErrors.push(err1);
}
errors++;
}
}
if(data.segment !== undefined){
let data0 = data.segment;
if(typeof data0 === "string"){
if(!pattern5.test(data0)){
const err2 = {instancePath:instancePath+"/segment",schemaPath:"common.schema.json#/$defs/key/pattern",keyword:"pattern",params:{pattern: "^[a-z0-9][a-z0-9._-]{0,99}$"},message:"must match pattern \""+"^[a-z0-9][a-z0-9._-]{0,99}$"+"\"",schema:"^[a-z0-9][a-z0-9._-]{0,99}$",parentSchema:schema33,data:data0};
if(vErrors === null){
vErrors = [err2];
}
else {
vErrors.push(err2);
}
errors++;
}
}
else {
const err3 = {instancePath:instancePath+"/segment",schemaPath:"common.schema.json#/$defs/key/type",keyword:"type",params:{type: "string"},message:"must be string",schema:schema33.type,parentSchema:schema33,data:data0};
if(vErrors === null){
vErrors = [err3];
}
else {
vErrors.push(err3);
}
errors++;
}
}
if(data.description !== undefined){
let data1 = data.description;
if(typeof data1 !== "string"){
const err4 = {instancePath:instancePath+"/description",schemaPath:"#/properties/description/type",keyword:"type",params:{type: "string"},message:"must be string",schema:schema89.properties.description.type,parentSchema:schema89.properties.description,data:data1};
if(vErrors === null){
vErrors = [err4];
}
else {
vErrors.push(err4);
}
errors++;
}
}
if(data.owner !== undefined){
let data2 = data.owner;
if(typeof data2 !== "string"){
const err5 = {instancePath:instancePath+"/owner",schemaPath:"#/properties/owner/type",keyword:"type",params:{type: "string"},message:"must be string",schema:schema89.properties.owner.type,parentSchema:schema89.properties.owner,data:data2};
if(vErrors === null){
vErrors = [err5];
}
else {
vErrors.push(err5);
}
errors++;
}
}
if(data.tags !== undefined){
let data3 = data.tags;
if(Array.isArray(data3)){
const len0 = data3.length;
for(let i0=0; i0<len0; i0++){
let data4 = data3[i0];
if(typeof data4 !== "string"){
const err6 = {instancePath:instancePath+"/tags/" + i0,schemaPath:"#/properties/tags/items/type",keyword:"type",params:{type: "string"},message:"must be string",schema:schema89.properties.tags.items.type,parentSchema:schema89.properties.tags.items,data:data4};
if(vErrors === null){
vErrors = [err6];
}
else {
vErrors.push(err6);
}
errors++;
}
}
}
else {
const err7 = {instancePath:instancePath+"/tags",schemaPath:"#/properties/tags/type",keyword:"type",params:{type: "array"},message:"must be array",schema:schema89.properties.tags.type,parentSchema:schema89.properties.tags,data:data3};
if(vErrors === null){
vErrors = [err7];
}
else {
vErrors.push(err7);
}
errors++;
}
}
if(data.unit !== undefined){
let data5 = data.unit;
if(typeof data5 === "string"){
if(func1(data5) < 1){
const err8 = {instancePath:instancePath+"/unit",schemaPath:"common.schema.json#/$defs/attributeName/minLength",keyword:"minLength",params:{limit: 1},message:"must NOT have fewer than 1 characters",schema:1,parentSchema:schema34,data:data5};
if(vErrors === null){
vErrors = [err8];
}
else {
vErrors.push(err8);
}
errors++;
}
}
else {
const err9 = {instancePath:instancePath+"/unit",schemaPath:"common.schema.json#/$defs/attributeName/type",keyword:"type",params:{type: "string"},message:"must be string",schema:schema34.type,parentSchema:schema34,data:data5};
if(vErrors === null){
vErrors = [err9];
}
else {
vErrors.push(err9);
}
errors++;
}
}
if(data.include !== undefined){
let data6 = data.include;
if(Array.isArray(data6)){
const len1 = data6.length;
for(let i1=0; i1<len1; i1++){
let data7 = data6[i1];
if((typeof data7 !== "string") && (!(((typeof data7 == "number") && (!(data7 % 1) && !isNaN(data7))) && (isFinite(data7))))){
const err10 = {instancePath:instancePath+"/include/" + i1,schemaPath:"common.schema.json#/$defs/unitList/items/type",keyword:"type",params:{type: schema56.items.type},message:"must be string,integer",schema:schema56.items.type,parentSchema:schema56.items,data:data7};
if(vErrors === null){
vErrors = [err10];
}
else {
vErrors.push(err10);
}
errors++;
}
if((typeof data7 == "number") && (isFinite(data7))){
if(data7 > 9007199254740991 || isNaN(data7)){
const err11 = {instancePath:instancePath+"/include/" + i1,schemaPath:"common.schema.json#/$defs/unitList/items/maximum",keyword:"maximum",params:{comparison: "<=", limit: 9007199254740991},message:"must be <= 9007199254740991",schema:9007199254740991,parentSchema:schema56.items,data:data7};
if(vErrors === null){
vErrors = [err11];
}
else {
vErrors.push(err11);
}
errors++;
}
if(data7 < -9007199254740991 || isNaN(data7)){
const err12 = {instancePath:instancePath+"/include/" + i1,schemaPath:"common.schema.json#/$defs/unitList/items/minimum",keyword:"minimum",params:{comparison: ">=", limit: -9007199254740991},message:"must be >= -9007199254740991",schema:-9007199254740991,parentSchema:schema56.items,data:data7};
if(vErrors === null){
vErrors = [err12];
}
else {
vErrors.push(err12);
}
errors++;
}
}
}
}
else {
const err13 = {instancePath:instancePath+"/include",schemaPath:"common.schema.json#/$defs/unitList/type",keyword:"type",params:{type: "array"},message:"must be array",schema:schema56.type,parentSchema:schema56,data:data6};
if(vErrors === null){
vErrors = [err13];
}
else {
vErrors.push(err13);
}
errors++;
}
}
if(data.exclude !== undefined){
let data8 = data.exclude;
if(Array.isArray(data8)){
const len2 = data8.length;
for(let i2=0; i2<len2; i2++){
let data9 = data8[i2];
if((typeof data9 !== "string") && (!(((typeof data9 == "number") && (!(data9 % 1) && !isNaN(data9))) && (isFinite(data9))))){
const err14 = {instancePath:instancePath+"/exclude/" + i2,schemaPath:"common.schema.json#/$defs/unitList/items/type",keyword:"type",params:{type: schema56.items.type},message:"must be string,integer",schema:schema56.items.type,parentSchema:schema56.items,data:data9};
if(vErrors === null){
vErrors = [err14];
}
else {
vErrors.push(err14);
}
errors++;
}
if((typeof data9 == "number") && (isFinite(data9))){
if(data9 > 9007199254740991 || isNaN(data9)){
const err15 = {instancePath:instancePath+"/exclude/" + i2,schemaPath:"common.schema.json#/$defs/unitList/items/maximum",keyword:"maximum",params:{comparison: "<=", limit: 9007199254740991},message:"must be <= 9007199254740991",schema:9007199254740991,parentSchema:schema56.items,data:data9};
if(vErrors === null){
vErrors = [err15];
}
else {
vErrors.push(err15);
}
errors++;
}
if(data9 < -9007199254740991 || isNaN(data9)){
const err16 = {instancePath:instancePath+"/exclude/" + i2,schemaPath:"common.schema.json#/$defs/unitList/items/minimum",keyword:"minimum",params:{comparison: ">=", limit: -9007199254740991},message:"must be >= -9007199254740991",schema:-9007199254740991,parentSchema:schema56.items,data:data9};
if(vErrors === null){
vErrors = [err16];
}
else {
vErrors.push(err16);
}
errors++;
}
}
}
}
else {
const err17 = {instancePath:instancePath+"/exclude",schemaPath:"common.schema.json#/$defs/unitList/type",keyword:"type",params:{type: "array"},message:"must be array",schema:schema56.type,parentSchema:schema56,data:data8};
if(vErrors === null){
vErrors = [err17];
}
else {
vErrors.push(err17);
}
errors++;
}
}
if(data.if !== undefined){
if(!(validate59(data.if, {instancePath:instancePath+"/if",parentData:data,parentDataProperty:"if",rootData,dynamicAnchors}))){
if (vErrors === null) vErrors = validate59.errors; else for (const error of validate59.errors) vErrors.push(error);
errors = vErrors.length;
}
}
}
else {
const err18 = {instancePath,schemaPath:"#/type",keyword:"type",params:{type: "object"},message:"must be object",schema:schema89.type,parentSchema:schema89,data};
if(vErrors === null){
vErrors = [err18];
}
else {
vErrors.push(err18);
}
errors++;
}
validate58.errors = vErrors;
return errors === 0;
}
validate58.evaluated = {"props":true,"dynamicProps":false,"dynamicItems":false};

export const experiment = validate66;
const schema95 = {"$schema":"https://json-schema.org/draft/2020-12/schema","$id":"experiment.schema.json","title":"ExperimentDefinition","description":"An experiment: which units take part, which arm they get, and what is measured. A rule of its flag sends units to it.","type":"object","required":["experiment","flag","status","environments","arms"],"additionalProperties":false,"dependentRequired":{"layer":["slot"],"slot":["layer"]},"oneOf":[{"required":["traffic"]},{"required":["slot"]}],"properties":{"experiment":{"$ref":"common.schema.json#/$defs/key","description":"The experiment's key, which is also the file's name."},"flag":{"$ref":"common.schema.json#/$defs/key","description":"The flag whose variations are compared."},"description":{"description":"What is tried.","type":"string"},"hypothesis":{"description":"What you expect to see, said before you look.","type":"string"},"owner":{"description":"The team or person who answers for the experiment.","type":"string"},"tags":{"description":"Free words to find experiments by.","type":"array","items":{"type":"string"}},"status":{"description":"Only a running experiment assigns units.","enum":["draft","running","stopped"]},"environments":{"description":"The environments in which it runs.","type":"array","minItems":1,"uniqueItems":true,"items":{"$ref":"common.schema.json#/$defs/key","type":"string"}},"unit":{"$ref":"common.schema.json#/$defs/attributeName","description":"The attribute whose value decides the arm (default `targetingKey`)."},"traffic":{"$ref":"common.schema.json#/$defs/percent","description":"The share of the eligible units that takes part. Or, instead, a `slot` of a `layer`."},"layer":{"$ref":"common.schema.json#/$defs/key","description":"Experiments of one layer exclude each other and share one unit."},"slot":{"title":"Slot","description":"The share of the layer that this experiment owns, [from, to) in percent. Slots of a layer must not overlap.","type":"object","required":["from","to"],"additionalProperties":false,"properties":{"from":{"$ref":"common.schema.json#/$defs/percent"},"to":{"$ref":"common.schema.json#/$defs/percent"}}},"arms":{"description":"The variations that are compared. The first arm is the baseline. Weights are percentages and sum to exactly 100.","type":"array","minItems":1,"items":{"title":"Arm","type":"object","required":["variation","weight"],"additionalProperties":false,"properties":{"variation":{"$ref":"common.schema.json#/$defs/key","description":"A variation of the flag."},"weight":{"$ref":"common.schema.json#/$defs/percent"}}}},"metrics":{"description":"What decides, what else is looked at, and what must not get worse.","type":"object","required":["primary"],"additionalProperties":false,"properties":{"primary":{"$ref":"common.schema.json#/$defs/key","description":"The metric that decides."},"secondary":{"description":"Metrics that are looked at too; they do not decide.","type":"array","items":{"$ref":"common.schema.json#/$defs/key"}},"guardrails":{"description":"Metrics that must not get worse by more than their `margin`.","type":"array","items":{"$ref":"common.schema.json#/$defs/key"}}}},"exposures":{"description":"Which exposures the relay reports: the first per unit (default), all, or none.","enum":["first","all","off"]},"end":{"description":"The planned end, as YYYY-MM-DD.","type":"string","pattern":"^\\d{4}-\\d{2}-\\d{2}$"},"analysis":{"description":"How the result is judged.","type":"object","additionalProperties":false,"properties":{"alpha":{"description":"The accepted probability of a false alarm.","type":"number","exclusiveMinimum":0,"exclusiveMaximum":1},"power":{"description":"The wanted probability of finding the minimum effect.","type":"number","exclusiveMinimum":0,"exclusiveMaximum":1},"minimumEffect":{"description":"The smallest effect worth finding, relative to the baseline.","type":"number","exclusiveMinimum":0},"sequential":{"description":"Planned looks at the result before its end, without more false alarms.","type":"object","required":["looks"],"additionalProperties":false,"properties":{"looks":{"description":"How many planned looks at the result.","type":"integer","minimum":1,"maximum":100},"boundary":{"description":"The stopping boundary (default pocock).","enum":["pocock","obrien-fleming"]}}},"cuped":{"description":"Takes out of the result what the time before the experiment explains (CUPED).","type":"object","required":["days"],"additionalProperties":false,"properties":{"days":{"description":"Days before the first exposure that the covariate covers.","type":"integer","minimum":1,"maximum":365}}}}}}};

function validate66(data, {instancePath="", parentData, parentDataProperty, rootData=data, dynamicAnchors={}}={}){
/*# sourceURL="experiment.schema.json" */;
let vErrors = null;
let errors = 0;
const evaluated0 = validate66.evaluated;
if(evaluated0.dynamicProps){
evaluated0.props = undefined;
}
if(evaluated0.dynamicItems){
evaluated0.items = undefined;
}
const _errs1 = errors;
let valid0 = false;
let passing0 = null;
const _errs2 = errors;
if(data && typeof data == "object" && !Array.isArray(data)){
if(data.traffic === undefined){
const err0 = {instancePath,schemaPath:"#/oneOf/0/required",keyword:"required",params:{missingProperty: "traffic"},message:"must have required property '"+"traffic"+"'",schema:schema95.oneOf[0].required,parentSchema:schema95.oneOf[0],data};
if(vErrors === null){
vErrors = [err0];
}
else {
vErrors.push(err0);
}
errors++;
}
}
var _valid0 = _errs2 === errors;
if(_valid0){
valid0 = true;
passing0 = 0;
}
const _errs3 = errors;
if(data && typeof data == "object" && !Array.isArray(data)){
if(data.slot === undefined){
const err1 = {instancePath,schemaPath:"#/oneOf/1/required",keyword:"required",params:{missingProperty: "slot"},message:"must have required property '"+"slot"+"'",schema:schema95.oneOf[1].required,parentSchema:schema95.oneOf[1],data};
if(vErrors === null){
vErrors = [err1];
}
else {
vErrors.push(err1);
}
errors++;
}
}
var _valid0 = _errs3 === errors;
if(_valid0 && valid0){
valid0 = false;
passing0 = [passing0, 1];
}
else {
if(_valid0){
valid0 = true;
passing0 = 1;
}
}
if(!valid0){
const err2 = {instancePath,schemaPath:"#/oneOf",keyword:"oneOf",params:{passingSchemas: passing0},message:"must match exactly one schema in oneOf",schema:schema95.oneOf,parentSchema:schema95,data};
if(vErrors === null){
vErrors = [err2];
}
else {
vErrors.push(err2);
}
errors++;
}
else {
errors = _errs1;
if(vErrors !== null){
if(_errs1){
vErrors.length = _errs1;
}
else {
vErrors = null;
}
}
}
if(data && typeof data == "object" && !Array.isArray(data)){
if(data.experiment === undefined){
const err3 = {instancePath,schemaPath:"#/required",keyword:"required",params:{missingProperty: "experiment"},message:"must have required property '"+"experiment"+"'",schema:schema95.required,parentSchema:schema95,data};
if(vErrors === null){
vErrors = [err3];
}
else {
vErrors.push(err3);
}
errors++;
}
if(data.flag === undefined){
const err4 = {instancePath,schemaPath:"#/required",keyword:"required",params:{missingProperty: "flag"},message:"must have required property '"+"flag"+"'",schema:schema95.required,parentSchema:schema95,data};
if(vErrors === null){
vErrors = [err4];
}
else {
vErrors.push(err4);
}
errors++;
}
if(data.status === undefined){
const err5 = {instancePath,schemaPath:"#/required",keyword:"required",params:{missingProperty: "status"},message:"must have required property '"+"status"+"'",schema:schema95.required,parentSchema:schema95,data};
if(vErrors === null){
vErrors = [err5];
}
else {
vErrors.push(err5);
}
errors++;
}
if(data.environments === undefined){
const err6 = {instancePath,schemaPath:"#/required",keyword:"required",params:{missingProperty: "environments"},message:"must have required property '"+"environments"+"'",schema:schema95.required,parentSchema:schema95,data};
if(vErrors === null){
vErrors = [err6];
}
else {
vErrors.push(err6);
}
errors++;
}
if(data.arms === undefined){
const err7 = {instancePath,schemaPath:"#/required",keyword:"required",params:{missingProperty: "arms"},message:"must have required property '"+"arms"+"'",schema:schema95.required,parentSchema:schema95,data};
if(vErrors === null){
vErrors = [err7];
}
else {
vErrors.push(err7);
}
errors++;
}
for(const key0 in data){
if(!(func9.call(schema95.properties, key0))){
const err8 = {instancePath,schemaPath:"#/additionalProperties",keyword:"additionalProperties",params:{additionalProperty: key0},message:"must NOT have additional properties",schema:false,parentSchema:schema95,data};
if(vErrors === null){
vErrors = [err8];
}
else {
vErrors.push(err8);
}
errors++;
}
}
if(data.experiment !== undefined){
let data0 = data.experiment;
if(typeof data0 === "string"){
if(!pattern5.test(data0)){
const err9 = {instancePath:instancePath+"/experiment",schemaPath:"common.schema.json#/$defs/key/pattern",keyword:"pattern",params:{pattern: "^[a-z0-9][a-z0-9._-]{0,99}$"},message:"must match pattern \""+"^[a-z0-9][a-z0-9._-]{0,99}$"+"\"",schema:"^[a-z0-9][a-z0-9._-]{0,99}$",parentSchema:schema33,data:data0};
if(vErrors === null){
vErrors = [err9];
}
else {
vErrors.push(err9);
}
errors++;
}
}
else {
const err10 = {instancePath:instancePath+"/experiment",schemaPath:"common.schema.json#/$defs/key/type",keyword:"type",params:{type: "string"},message:"must be string",schema:schema33.type,parentSchema:schema33,data:data0};
if(vErrors === null){
vErrors = [err10];
}
else {
vErrors.push(err10);
}
errors++;
}
}
if(data.flag !== undefined){
let data1 = data.flag;
if(typeof data1 === "string"){
if(!pattern5.test(data1)){
const err11 = {instancePath:instancePath+"/flag",schemaPath:"common.schema.json#/$defs/key/pattern",keyword:"pattern",params:{pattern: "^[a-z0-9][a-z0-9._-]{0,99}$"},message:"must match pattern \""+"^[a-z0-9][a-z0-9._-]{0,99}$"+"\"",schema:"^[a-z0-9][a-z0-9._-]{0,99}$",parentSchema:schema33,data:data1};
if(vErrors === null){
vErrors = [err11];
}
else {
vErrors.push(err11);
}
errors++;
}
}
else {
const err12 = {instancePath:instancePath+"/flag",schemaPath:"common.schema.json#/$defs/key/type",keyword:"type",params:{type: "string"},message:"must be string",schema:schema33.type,parentSchema:schema33,data:data1};
if(vErrors === null){
vErrors = [err12];
}
else {
vErrors.push(err12);
}
errors++;
}
}
if(data.description !== undefined){
let data2 = data.description;
if(typeof data2 !== "string"){
const err13 = {instancePath:instancePath+"/description",schemaPath:"#/properties/description/type",keyword:"type",params:{type: "string"},message:"must be string",schema:schema95.properties.description.type,parentSchema:schema95.properties.description,data:data2};
if(vErrors === null){
vErrors = [err13];
}
else {
vErrors.push(err13);
}
errors++;
}
}
if(data.hypothesis !== undefined){
let data3 = data.hypothesis;
if(typeof data3 !== "string"){
const err14 = {instancePath:instancePath+"/hypothesis",schemaPath:"#/properties/hypothesis/type",keyword:"type",params:{type: "string"},message:"must be string",schema:schema95.properties.hypothesis.type,parentSchema:schema95.properties.hypothesis,data:data3};
if(vErrors === null){
vErrors = [err14];
}
else {
vErrors.push(err14);
}
errors++;
}
}
if(data.owner !== undefined){
let data4 = data.owner;
if(typeof data4 !== "string"){
const err15 = {instancePath:instancePath+"/owner",schemaPath:"#/properties/owner/type",keyword:"type",params:{type: "string"},message:"must be string",schema:schema95.properties.owner.type,parentSchema:schema95.properties.owner,data:data4};
if(vErrors === null){
vErrors = [err15];
}
else {
vErrors.push(err15);
}
errors++;
}
}
if(data.tags !== undefined){
let data5 = data.tags;
if(Array.isArray(data5)){
const len0 = data5.length;
for(let i0=0; i0<len0; i0++){
let data6 = data5[i0];
if(typeof data6 !== "string"){
const err16 = {instancePath:instancePath+"/tags/" + i0,schemaPath:"#/properties/tags/items/type",keyword:"type",params:{type: "string"},message:"must be string",schema:schema95.properties.tags.items.type,parentSchema:schema95.properties.tags.items,data:data6};
if(vErrors === null){
vErrors = [err16];
}
else {
vErrors.push(err16);
}
errors++;
}
}
}
else {
const err17 = {instancePath:instancePath+"/tags",schemaPath:"#/properties/tags/type",keyword:"type",params:{type: "array"},message:"must be array",schema:schema95.properties.tags.type,parentSchema:schema95.properties.tags,data:data5};
if(vErrors === null){
vErrors = [err17];
}
else {
vErrors.push(err17);
}
errors++;
}
}
if(data.status !== undefined){
let data7 = data.status;
if(!(((data7 === "draft") || (data7 === "running")) || (data7 === "stopped"))){
const err18 = {instancePath:instancePath+"/status",schemaPath:"#/properties/status/enum",keyword:"enum",params:{allowedValues: schema95.properties.status.enum},message:"must be equal to one of the allowed values",schema:schema95.properties.status.enum,parentSchema:schema95.properties.status,data:data7};
if(vErrors === null){
vErrors = [err18];
}
else {
vErrors.push(err18);
}
errors++;
}
}
if(data.environments !== undefined){
let data8 = data.environments;
if(Array.isArray(data8)){
if(data8.length < 1){
const err19 = {instancePath:instancePath+"/environments",schemaPath:"#/properties/environments/minItems",keyword:"minItems",params:{limit: 1},message:"must NOT have fewer than 1 items",schema:1,parentSchema:schema95.properties.environments,data:data8};
if(vErrors === null){
vErrors = [err19];
}
else {
vErrors.push(err19);
}
errors++;
}
const len1 = data8.length;
for(let i1=0; i1<len1; i1++){
let data9 = data8[i1];
if(typeof data9 !== "string"){
const err20 = {instancePath:instancePath+"/environments/" + i1,schemaPath:"#/properties/environments/items/type",keyword:"type",params:{type: "string"},message:"must be string",schema:schema95.properties.environments.items.type,parentSchema:schema95.properties.environments.items,data:data9};
if(vErrors === null){
vErrors = [err20];
}
else {
vErrors.push(err20);
}
errors++;
}
if(typeof data9 === "string"){
if(!pattern5.test(data9)){
const err21 = {instancePath:instancePath+"/environments/" + i1,schemaPath:"common.schema.json#/$defs/key/pattern",keyword:"pattern",params:{pattern: "^[a-z0-9][a-z0-9._-]{0,99}$"},message:"must match pattern \""+"^[a-z0-9][a-z0-9._-]{0,99}$"+"\"",schema:"^[a-z0-9][a-z0-9._-]{0,99}$",parentSchema:schema33,data:data9};
if(vErrors === null){
vErrors = [err21];
}
else {
vErrors.push(err21);
}
errors++;
}
}
else {
const err22 = {instancePath:instancePath+"/environments/" + i1,schemaPath:"common.schema.json#/$defs/key/type",keyword:"type",params:{type: "string"},message:"must be string",schema:schema33.type,parentSchema:schema33,data:data9};
if(vErrors === null){
vErrors = [err22];
}
else {
vErrors.push(err22);
}
errors++;
}
}
let i2 = data8.length;
let j0;
if(i2 > 1){
const indices0 = {};
for(;i2--;){
let item0 = data8[i2];
if(typeof item0 !== "string"){
continue;
}
if(typeof indices0[item0] == "number"){
j0 = indices0[item0];
const err23 = {instancePath:instancePath+"/environments",schemaPath:"#/properties/environments/uniqueItems",keyword:"uniqueItems",params:{i: i2, j: j0},message:"must NOT have duplicate items (items ## "+j0+" and "+i2+" are identical)",schema:true,parentSchema:schema95.properties.environments,data:data8};
if(vErrors === null){
vErrors = [err23];
}
else {
vErrors.push(err23);
}
errors++;
break;
}
indices0[item0] = i2;
}
}
}
else {
const err24 = {instancePath:instancePath+"/environments",schemaPath:"#/properties/environments/type",keyword:"type",params:{type: "array"},message:"must be array",schema:schema95.properties.environments.type,parentSchema:schema95.properties.environments,data:data8};
if(vErrors === null){
vErrors = [err24];
}
else {
vErrors.push(err24);
}
errors++;
}
}
if(data.unit !== undefined){
let data10 = data.unit;
if(typeof data10 === "string"){
if(func1(data10) < 1){
const err25 = {instancePath:instancePath+"/unit",schemaPath:"common.schema.json#/$defs/attributeName/minLength",keyword:"minLength",params:{limit: 1},message:"must NOT have fewer than 1 characters",schema:1,parentSchema:schema34,data:data10};
if(vErrors === null){
vErrors = [err25];
}
else {
vErrors.push(err25);
}
errors++;
}
}
else {
const err26 = {instancePath:instancePath+"/unit",schemaPath:"common.schema.json#/$defs/attributeName/type",keyword:"type",params:{type: "string"},message:"must be string",schema:schema34.type,parentSchema:schema34,data:data10};
if(vErrors === null){
vErrors = [err26];
}
else {
vErrors.push(err26);
}
errors++;
}
}
if(data.traffic !== undefined){
let data11 = data.traffic;
if((typeof data11 == "number") && (isFinite(data11))){
if(data11 > 100 || isNaN(data11)){
const err27 = {instancePath:instancePath+"/traffic",schemaPath:"common.schema.json#/$defs/percent/maximum",keyword:"maximum",params:{comparison: "<=", limit: 100},message:"must be <= 100",schema:100,parentSchema:schema74,data:data11};
if(vErrors === null){
vErrors = [err27];
}
else {
vErrors.push(err27);
}
errors++;
}
if(data11 < 0 || isNaN(data11)){
const err28 = {instancePath:instancePath+"/traffic",schemaPath:"common.schema.json#/$defs/percent/minimum",keyword:"minimum",params:{comparison: ">=", limit: 0},message:"must be >= 0",schema:0,parentSchema:schema74,data:data11};
if(vErrors === null){
vErrors = [err28];
}
else {
vErrors.push(err28);
}
errors++;
}
}
else {
const err29 = {instancePath:instancePath+"/traffic",schemaPath:"common.schema.json#/$defs/percent/type",keyword:"type",params:{type: "number"},message:"must be number",schema:schema74.type,parentSchema:schema74,data:data11};
if(vErrors === null){
vErrors = [err29];
}
else {
vErrors.push(err29);
}
errors++;
}
}
if(data.layer !== undefined){
let data12 = data.layer;
if(typeof data12 === "string"){
if(!pattern5.test(data12)){
const err30 = {instancePath:instancePath+"/layer",schemaPath:"common.schema.json#/$defs/key/pattern",keyword:"pattern",params:{pattern: "^[a-z0-9][a-z0-9._-]{0,99}$"},message:"must match pattern \""+"^[a-z0-9][a-z0-9._-]{0,99}$"+"\"",schema:"^[a-z0-9][a-z0-9._-]{0,99}$",parentSchema:schema33,data:data12};
if(vErrors === null){
vErrors = [err30];
}
else {
vErrors.push(err30);
}
errors++;
}
}
else {
const err31 = {instancePath:instancePath+"/layer",schemaPath:"common.schema.json#/$defs/key/type",keyword:"type",params:{type: "string"},message:"must be string",schema:schema33.type,parentSchema:schema33,data:data12};
if(vErrors === null){
vErrors = [err31];
}
else {
vErrors.push(err31);
}
errors++;
}
}
if(data.slot !== undefined){
let data13 = data.slot;
if(data13 && typeof data13 == "object" && !Array.isArray(data13)){
if(data13.from === undefined){
const err32 = {instancePath:instancePath+"/slot",schemaPath:"#/properties/slot/required",keyword:"required",params:{missingProperty: "from"},message:"must have required property '"+"from"+"'",schema:schema95.properties.slot.required,parentSchema:schema95.properties.slot,data:data13};
if(vErrors === null){
vErrors = [err32];
}
else {
vErrors.push(err32);
}
errors++;
}
if(data13.to === undefined){
const err33 = {instancePath:instancePath+"/slot",schemaPath:"#/properties/slot/required",keyword:"required",params:{missingProperty: "to"},message:"must have required property '"+"to"+"'",schema:schema95.properties.slot.required,parentSchema:schema95.properties.slot,data:data13};
if(vErrors === null){
vErrors = [err33];
}
else {
vErrors.push(err33);
}
errors++;
}
for(const key1 in data13){
if(!((key1 === "from") || (key1 === "to"))){
const err34 = {instancePath:instancePath+"/slot",schemaPath:"#/properties/slot/additionalProperties",keyword:"additionalProperties",params:{additionalProperty: key1},message:"must NOT have additional properties",schema:false,parentSchema:schema95.properties.slot,data:data13};
if(vErrors === null){
vErrors = [err34];
}
else {
vErrors.push(err34);
}
errors++;
}
}
if(data13.from !== undefined){
let data14 = data13.from;
if((typeof data14 == "number") && (isFinite(data14))){
if(data14 > 100 || isNaN(data14)){
const err35 = {instancePath:instancePath+"/slot/from",schemaPath:"common.schema.json#/$defs/percent/maximum",keyword:"maximum",params:{comparison: "<=", limit: 100},message:"must be <= 100",schema:100,parentSchema:schema74,data:data14};
if(vErrors === null){
vErrors = [err35];
}
else {
vErrors.push(err35);
}
errors++;
}
if(data14 < 0 || isNaN(data14)){
const err36 = {instancePath:instancePath+"/slot/from",schemaPath:"common.schema.json#/$defs/percent/minimum",keyword:"minimum",params:{comparison: ">=", limit: 0},message:"must be >= 0",schema:0,parentSchema:schema74,data:data14};
if(vErrors === null){
vErrors = [err36];
}
else {
vErrors.push(err36);
}
errors++;
}
}
else {
const err37 = {instancePath:instancePath+"/slot/from",schemaPath:"common.schema.json#/$defs/percent/type",keyword:"type",params:{type: "number"},message:"must be number",schema:schema74.type,parentSchema:schema74,data:data14};
if(vErrors === null){
vErrors = [err37];
}
else {
vErrors.push(err37);
}
errors++;
}
}
if(data13.to !== undefined){
let data15 = data13.to;
if((typeof data15 == "number") && (isFinite(data15))){
if(data15 > 100 || isNaN(data15)){
const err38 = {instancePath:instancePath+"/slot/to",schemaPath:"common.schema.json#/$defs/percent/maximum",keyword:"maximum",params:{comparison: "<=", limit: 100},message:"must be <= 100",schema:100,parentSchema:schema74,data:data15};
if(vErrors === null){
vErrors = [err38];
}
else {
vErrors.push(err38);
}
errors++;
}
if(data15 < 0 || isNaN(data15)){
const err39 = {instancePath:instancePath+"/slot/to",schemaPath:"common.schema.json#/$defs/percent/minimum",keyword:"minimum",params:{comparison: ">=", limit: 0},message:"must be >= 0",schema:0,parentSchema:schema74,data:data15};
if(vErrors === null){
vErrors = [err39];
}
else {
vErrors.push(err39);
}
errors++;
}
}
else {
const err40 = {instancePath:instancePath+"/slot/to",schemaPath:"common.schema.json#/$defs/percent/type",keyword:"type",params:{type: "number"},message:"must be number",schema:schema74.type,parentSchema:schema74,data:data15};
if(vErrors === null){
vErrors = [err40];
}
else {
vErrors.push(err40);
}
errors++;
}
}
}
else {
const err41 = {instancePath:instancePath+"/slot",schemaPath:"#/properties/slot/type",keyword:"type",params:{type: "object"},message:"must be object",schema:schema95.properties.slot.type,parentSchema:schema95.properties.slot,data:data13};
if(vErrors === null){
vErrors = [err41];
}
else {
vErrors.push(err41);
}
errors++;
}
}
if(data.arms !== undefined){
let data16 = data.arms;
if(Array.isArray(data16)){
if(data16.length < 1){
const err42 = {instancePath:instancePath+"/arms",schemaPath:"#/properties/arms/minItems",keyword:"minItems",params:{limit: 1},message:"must NOT have fewer than 1 items",schema:1,parentSchema:schema95.properties.arms,data:data16};
if(vErrors === null){
vErrors = [err42];
}
else {
vErrors.push(err42);
}
errors++;
}
const len2 = data16.length;
for(let i3=0; i3<len2; i3++){
let data17 = data16[i3];
if(data17 && typeof data17 == "object" && !Array.isArray(data17)){
if(data17.variation === undefined){
const err43 = {instancePath:instancePath+"/arms/" + i3,schemaPath:"#/properties/arms/items/required",keyword:"required",params:{missingProperty: "variation"},message:"must have required property '"+"variation"+"'",schema:schema95.properties.arms.items.required,parentSchema:schema95.properties.arms.items,data:data17};
if(vErrors === null){
vErrors = [err43];
}
else {
vErrors.push(err43);
}
errors++;
}
if(data17.weight === undefined){
const err44 = {instancePath:instancePath+"/arms/" + i3,schemaPath:"#/properties/arms/items/required",keyword:"required",params:{missingProperty: "weight"},message:"must have required property '"+"weight"+"'",schema:schema95.properties.arms.items.required,parentSchema:schema95.properties.arms.items,data:data17};
if(vErrors === null){
vErrors = [err44];
}
else {
vErrors.push(err44);
}
errors++;
}
for(const key2 in data17){
if(!((key2 === "variation") || (key2 === "weight"))){
const err45 = {instancePath:instancePath+"/arms/" + i3,schemaPath:"#/properties/arms/items/additionalProperties",keyword:"additionalProperties",params:{additionalProperty: key2},message:"must NOT have additional properties",schema:false,parentSchema:schema95.properties.arms.items,data:data17};
if(vErrors === null){
vErrors = [err45];
}
else {
vErrors.push(err45);
}
errors++;
}
}
if(data17.variation !== undefined){
let data18 = data17.variation;
if(typeof data18 === "string"){
if(!pattern5.test(data18)){
const err46 = {instancePath:instancePath+"/arms/" + i3+"/variation",schemaPath:"common.schema.json#/$defs/key/pattern",keyword:"pattern",params:{pattern: "^[a-z0-9][a-z0-9._-]{0,99}$"},message:"must match pattern \""+"^[a-z0-9][a-z0-9._-]{0,99}$"+"\"",schema:"^[a-z0-9][a-z0-9._-]{0,99}$",parentSchema:schema33,data:data18};
if(vErrors === null){
vErrors = [err46];
}
else {
vErrors.push(err46);
}
errors++;
}
}
else {
const err47 = {instancePath:instancePath+"/arms/" + i3+"/variation",schemaPath:"common.schema.json#/$defs/key/type",keyword:"type",params:{type: "string"},message:"must be string",schema:schema33.type,parentSchema:schema33,data:data18};
if(vErrors === null){
vErrors = [err47];
}
else {
vErrors.push(err47);
}
errors++;
}
}
if(data17.weight !== undefined){
let data19 = data17.weight;
if((typeof data19 == "number") && (isFinite(data19))){
if(data19 > 100 || isNaN(data19)){
const err48 = {instancePath:instancePath+"/arms/" + i3+"/weight",schemaPath:"common.schema.json#/$defs/percent/maximum",keyword:"maximum",params:{comparison: "<=", limit: 100},message:"must be <= 100",schema:100,parentSchema:schema74,data:data19};
if(vErrors === null){
vErrors = [err48];
}
else {
vErrors.push(err48);
}
errors++;
}
if(data19 < 0 || isNaN(data19)){
const err49 = {instancePath:instancePath+"/arms/" + i3+"/weight",schemaPath:"common.schema.json#/$defs/percent/minimum",keyword:"minimum",params:{comparison: ">=", limit: 0},message:"must be >= 0",schema:0,parentSchema:schema74,data:data19};
if(vErrors === null){
vErrors = [err49];
}
else {
vErrors.push(err49);
}
errors++;
}
}
else {
const err50 = {instancePath:instancePath+"/arms/" + i3+"/weight",schemaPath:"common.schema.json#/$defs/percent/type",keyword:"type",params:{type: "number"},message:"must be number",schema:schema74.type,parentSchema:schema74,data:data19};
if(vErrors === null){
vErrors = [err50];
}
else {
vErrors.push(err50);
}
errors++;
}
}
}
else {
const err51 = {instancePath:instancePath+"/arms/" + i3,schemaPath:"#/properties/arms/items/type",keyword:"type",params:{type: "object"},message:"must be object",schema:schema95.properties.arms.items.type,parentSchema:schema95.properties.arms.items,data:data17};
if(vErrors === null){
vErrors = [err51];
}
else {
vErrors.push(err51);
}
errors++;
}
}
}
else {
const err52 = {instancePath:instancePath+"/arms",schemaPath:"#/properties/arms/type",keyword:"type",params:{type: "array"},message:"must be array",schema:schema95.properties.arms.type,parentSchema:schema95.properties.arms,data:data16};
if(vErrors === null){
vErrors = [err52];
}
else {
vErrors.push(err52);
}
errors++;
}
}
if(data.metrics !== undefined){
let data20 = data.metrics;
if(data20 && typeof data20 == "object" && !Array.isArray(data20)){
if(data20.primary === undefined){
const err53 = {instancePath:instancePath+"/metrics",schemaPath:"#/properties/metrics/required",keyword:"required",params:{missingProperty: "primary"},message:"must have required property '"+"primary"+"'",schema:schema95.properties.metrics.required,parentSchema:schema95.properties.metrics,data:data20};
if(vErrors === null){
vErrors = [err53];
}
else {
vErrors.push(err53);
}
errors++;
}
for(const key3 in data20){
if(!(((key3 === "primary") || (key3 === "secondary")) || (key3 === "guardrails"))){
const err54 = {instancePath:instancePath+"/metrics",schemaPath:"#/properties/metrics/additionalProperties",keyword:"additionalProperties",params:{additionalProperty: key3},message:"must NOT have additional properties",schema:false,parentSchema:schema95.properties.metrics,data:data20};
if(vErrors === null){
vErrors = [err54];
}
else {
vErrors.push(err54);
}
errors++;
}
}
if(data20.primary !== undefined){
let data21 = data20.primary;
if(typeof data21 === "string"){
if(!pattern5.test(data21)){
const err55 = {instancePath:instancePath+"/metrics/primary",schemaPath:"common.schema.json#/$defs/key/pattern",keyword:"pattern",params:{pattern: "^[a-z0-9][a-z0-9._-]{0,99}$"},message:"must match pattern \""+"^[a-z0-9][a-z0-9._-]{0,99}$"+"\"",schema:"^[a-z0-9][a-z0-9._-]{0,99}$",parentSchema:schema33,data:data21};
if(vErrors === null){
vErrors = [err55];
}
else {
vErrors.push(err55);
}
errors++;
}
}
else {
const err56 = {instancePath:instancePath+"/metrics/primary",schemaPath:"common.schema.json#/$defs/key/type",keyword:"type",params:{type: "string"},message:"must be string",schema:schema33.type,parentSchema:schema33,data:data21};
if(vErrors === null){
vErrors = [err56];
}
else {
vErrors.push(err56);
}
errors++;
}
}
if(data20.secondary !== undefined){
let data22 = data20.secondary;
if(Array.isArray(data22)){
const len3 = data22.length;
for(let i4=0; i4<len3; i4++){
let data23 = data22[i4];
if(typeof data23 === "string"){
if(!pattern5.test(data23)){
const err57 = {instancePath:instancePath+"/metrics/secondary/" + i4,schemaPath:"common.schema.json#/$defs/key/pattern",keyword:"pattern",params:{pattern: "^[a-z0-9][a-z0-9._-]{0,99}$"},message:"must match pattern \""+"^[a-z0-9][a-z0-9._-]{0,99}$"+"\"",schema:"^[a-z0-9][a-z0-9._-]{0,99}$",parentSchema:schema33,data:data23};
if(vErrors === null){
vErrors = [err57];
}
else {
vErrors.push(err57);
}
errors++;
}
}
else {
const err58 = {instancePath:instancePath+"/metrics/secondary/" + i4,schemaPath:"common.schema.json#/$defs/key/type",keyword:"type",params:{type: "string"},message:"must be string",schema:schema33.type,parentSchema:schema33,data:data23};
if(vErrors === null){
vErrors = [err58];
}
else {
vErrors.push(err58);
}
errors++;
}
}
}
else {
const err59 = {instancePath:instancePath+"/metrics/secondary",schemaPath:"#/properties/metrics/properties/secondary/type",keyword:"type",params:{type: "array"},message:"must be array",schema:schema95.properties.metrics.properties.secondary.type,parentSchema:schema95.properties.metrics.properties.secondary,data:data22};
if(vErrors === null){
vErrors = [err59];
}
else {
vErrors.push(err59);
}
errors++;
}
}
if(data20.guardrails !== undefined){
let data24 = data20.guardrails;
if(Array.isArray(data24)){
const len4 = data24.length;
for(let i5=0; i5<len4; i5++){
let data25 = data24[i5];
if(typeof data25 === "string"){
if(!pattern5.test(data25)){
const err60 = {instancePath:instancePath+"/metrics/guardrails/" + i5,schemaPath:"common.schema.json#/$defs/key/pattern",keyword:"pattern",params:{pattern: "^[a-z0-9][a-z0-9._-]{0,99}$"},message:"must match pattern \""+"^[a-z0-9][a-z0-9._-]{0,99}$"+"\"",schema:"^[a-z0-9][a-z0-9._-]{0,99}$",parentSchema:schema33,data:data25};
if(vErrors === null){
vErrors = [err60];
}
else {
vErrors.push(err60);
}
errors++;
}
}
else {
const err61 = {instancePath:instancePath+"/metrics/guardrails/" + i5,schemaPath:"common.schema.json#/$defs/key/type",keyword:"type",params:{type: "string"},message:"must be string",schema:schema33.type,parentSchema:schema33,data:data25};
if(vErrors === null){
vErrors = [err61];
}
else {
vErrors.push(err61);
}
errors++;
}
}
}
else {
const err62 = {instancePath:instancePath+"/metrics/guardrails",schemaPath:"#/properties/metrics/properties/guardrails/type",keyword:"type",params:{type: "array"},message:"must be array",schema:schema95.properties.metrics.properties.guardrails.type,parentSchema:schema95.properties.metrics.properties.guardrails,data:data24};
if(vErrors === null){
vErrors = [err62];
}
else {
vErrors.push(err62);
}
errors++;
}
}
}
else {
const err63 = {instancePath:instancePath+"/metrics",schemaPath:"#/properties/metrics/type",keyword:"type",params:{type: "object"},message:"must be object",schema:schema95.properties.metrics.type,parentSchema:schema95.properties.metrics,data:data20};
if(vErrors === null){
vErrors = [err63];
}
else {
vErrors.push(err63);
}
errors++;
}
}
if(data.exposures !== undefined){
let data26 = data.exposures;
if(!(((data26 === "first") || (data26 === "all")) || (data26 === "off"))){
const err64 = {instancePath:instancePath+"/exposures",schemaPath:"#/properties/exposures/enum",keyword:"enum",params:{allowedValues: schema95.properties.exposures.enum},message:"must be equal to one of the allowed values",schema:schema95.properties.exposures.enum,parentSchema:schema95.properties.exposures,data:data26};
if(vErrors === null){
vErrors = [err64];
}
else {
vErrors.push(err64);
}
errors++;
}
}
if(data.end !== undefined){
let data27 = data.end;
if(typeof data27 === "string"){
if(!pattern16.test(data27)){
const err65 = {instancePath:instancePath+"/end",schemaPath:"#/properties/end/pattern",keyword:"pattern",params:{pattern: "^\\d{4}-\\d{2}-\\d{2}$"},message:"must match pattern \""+"^\\d{4}-\\d{2}-\\d{2}$"+"\"",schema:"^\\d{4}-\\d{2}-\\d{2}$",parentSchema:schema95.properties.end,data:data27};
if(vErrors === null){
vErrors = [err65];
}
else {
vErrors.push(err65);
}
errors++;
}
}
else {
const err66 = {instancePath:instancePath+"/end",schemaPath:"#/properties/end/type",keyword:"type",params:{type: "string"},message:"must be string",schema:schema95.properties.end.type,parentSchema:schema95.properties.end,data:data27};
if(vErrors === null){
vErrors = [err66];
}
else {
vErrors.push(err66);
}
errors++;
}
}
if(data.analysis !== undefined){
let data28 = data.analysis;
if(data28 && typeof data28 == "object" && !Array.isArray(data28)){
for(const key4 in data28){
if(!(((((key4 === "alpha") || (key4 === "power")) || (key4 === "minimumEffect")) || (key4 === "sequential")) || (key4 === "cuped"))){
const err67 = {instancePath:instancePath+"/analysis",schemaPath:"#/properties/analysis/additionalProperties",keyword:"additionalProperties",params:{additionalProperty: key4},message:"must NOT have additional properties",schema:false,parentSchema:schema95.properties.analysis,data:data28};
if(vErrors === null){
vErrors = [err67];
}
else {
vErrors.push(err67);
}
errors++;
}
}
if(data28.alpha !== undefined){
let data29 = data28.alpha;
if((typeof data29 == "number") && (isFinite(data29))){
if(data29 >= 1 || isNaN(data29)){
const err68 = {instancePath:instancePath+"/analysis/alpha",schemaPath:"#/properties/analysis/properties/alpha/exclusiveMaximum",keyword:"exclusiveMaximum",params:{comparison: "<", limit: 1},message:"must be < 1",schema:1,parentSchema:schema95.properties.analysis.properties.alpha,data:data29};
if(vErrors === null){
vErrors = [err68];
}
else {
vErrors.push(err68);
}
errors++;
}
if(data29 <= 0 || isNaN(data29)){
const err69 = {instancePath:instancePath+"/analysis/alpha",schemaPath:"#/properties/analysis/properties/alpha/exclusiveMinimum",keyword:"exclusiveMinimum",params:{comparison: ">", limit: 0},message:"must be > 0",schema:0,parentSchema:schema95.properties.analysis.properties.alpha,data:data29};
if(vErrors === null){
vErrors = [err69];
}
else {
vErrors.push(err69);
}
errors++;
}
}
else {
const err70 = {instancePath:instancePath+"/analysis/alpha",schemaPath:"#/properties/analysis/properties/alpha/type",keyword:"type",params:{type: "number"},message:"must be number",schema:schema95.properties.analysis.properties.alpha.type,parentSchema:schema95.properties.analysis.properties.alpha,data:data29};
if(vErrors === null){
vErrors = [err70];
}
else {
vErrors.push(err70);
}
errors++;
}
}
if(data28.power !== undefined){
let data30 = data28.power;
if((typeof data30 == "number") && (isFinite(data30))){
if(data30 >= 1 || isNaN(data30)){
const err71 = {instancePath:instancePath+"/analysis/power",schemaPath:"#/properties/analysis/properties/power/exclusiveMaximum",keyword:"exclusiveMaximum",params:{comparison: "<", limit: 1},message:"must be < 1",schema:1,parentSchema:schema95.properties.analysis.properties.power,data:data30};
if(vErrors === null){
vErrors = [err71];
}
else {
vErrors.push(err71);
}
errors++;
}
if(data30 <= 0 || isNaN(data30)){
const err72 = {instancePath:instancePath+"/analysis/power",schemaPath:"#/properties/analysis/properties/power/exclusiveMinimum",keyword:"exclusiveMinimum",params:{comparison: ">", limit: 0},message:"must be > 0",schema:0,parentSchema:schema95.properties.analysis.properties.power,data:data30};
if(vErrors === null){
vErrors = [err72];
}
else {
vErrors.push(err72);
}
errors++;
}
}
else {
const err73 = {instancePath:instancePath+"/analysis/power",schemaPath:"#/properties/analysis/properties/power/type",keyword:"type",params:{type: "number"},message:"must be number",schema:schema95.properties.analysis.properties.power.type,parentSchema:schema95.properties.analysis.properties.power,data:data30};
if(vErrors === null){
vErrors = [err73];
}
else {
vErrors.push(err73);
}
errors++;
}
}
if(data28.minimumEffect !== undefined){
let data31 = data28.minimumEffect;
if((typeof data31 == "number") && (isFinite(data31))){
if(data31 <= 0 || isNaN(data31)){
const err74 = {instancePath:instancePath+"/analysis/minimumEffect",schemaPath:"#/properties/analysis/properties/minimumEffect/exclusiveMinimum",keyword:"exclusiveMinimum",params:{comparison: ">", limit: 0},message:"must be > 0",schema:0,parentSchema:schema95.properties.analysis.properties.minimumEffect,data:data31};
if(vErrors === null){
vErrors = [err74];
}
else {
vErrors.push(err74);
}
errors++;
}
}
else {
const err75 = {instancePath:instancePath+"/analysis/minimumEffect",schemaPath:"#/properties/analysis/properties/minimumEffect/type",keyword:"type",params:{type: "number"},message:"must be number",schema:schema95.properties.analysis.properties.minimumEffect.type,parentSchema:schema95.properties.analysis.properties.minimumEffect,data:data31};
if(vErrors === null){
vErrors = [err75];
}
else {
vErrors.push(err75);
}
errors++;
}
}
if(data28.sequential !== undefined){
let data32 = data28.sequential;
if(data32 && typeof data32 == "object" && !Array.isArray(data32)){
if(data32.looks === undefined){
const err76 = {instancePath:instancePath+"/analysis/sequential",schemaPath:"#/properties/analysis/properties/sequential/required",keyword:"required",params:{missingProperty: "looks"},message:"must have required property '"+"looks"+"'",schema:schema95.properties.analysis.properties.sequential.required,parentSchema:schema95.properties.analysis.properties.sequential,data:data32};
if(vErrors === null){
vErrors = [err76];
}
else {
vErrors.push(err76);
}
errors++;
}
for(const key5 in data32){
if(!((key5 === "looks") || (key5 === "boundary"))){
const err77 = {instancePath:instancePath+"/analysis/sequential",schemaPath:"#/properties/analysis/properties/sequential/additionalProperties",keyword:"additionalProperties",params:{additionalProperty: key5},message:"must NOT have additional properties",schema:false,parentSchema:schema95.properties.analysis.properties.sequential,data:data32};
if(vErrors === null){
vErrors = [err77];
}
else {
vErrors.push(err77);
}
errors++;
}
}
if(data32.looks !== undefined){
let data33 = data32.looks;
if(!(((typeof data33 == "number") && (!(data33 % 1) && !isNaN(data33))) && (isFinite(data33)))){
const err78 = {instancePath:instancePath+"/analysis/sequential/looks",schemaPath:"#/properties/analysis/properties/sequential/properties/looks/type",keyword:"type",params:{type: "integer"},message:"must be integer",schema:schema95.properties.analysis.properties.sequential.properties.looks.type,parentSchema:schema95.properties.analysis.properties.sequential.properties.looks,data:data33};
if(vErrors === null){
vErrors = [err78];
}
else {
vErrors.push(err78);
}
errors++;
}
if((typeof data33 == "number") && (isFinite(data33))){
if(data33 > 100 || isNaN(data33)){
const err79 = {instancePath:instancePath+"/analysis/sequential/looks",schemaPath:"#/properties/analysis/properties/sequential/properties/looks/maximum",keyword:"maximum",params:{comparison: "<=", limit: 100},message:"must be <= 100",schema:100,parentSchema:schema95.properties.analysis.properties.sequential.properties.looks,data:data33};
if(vErrors === null){
vErrors = [err79];
}
else {
vErrors.push(err79);
}
errors++;
}
if(data33 < 1 || isNaN(data33)){
const err80 = {instancePath:instancePath+"/analysis/sequential/looks",schemaPath:"#/properties/analysis/properties/sequential/properties/looks/minimum",keyword:"minimum",params:{comparison: ">=", limit: 1},message:"must be >= 1",schema:1,parentSchema:schema95.properties.analysis.properties.sequential.properties.looks,data:data33};
if(vErrors === null){
vErrors = [err80];
}
else {
vErrors.push(err80);
}
errors++;
}
}
}
if(data32.boundary !== undefined){
let data34 = data32.boundary;
if(!((data34 === "pocock") || (data34 === "obrien-fleming"))){
const err81 = {instancePath:instancePath+"/analysis/sequential/boundary",schemaPath:"#/properties/analysis/properties/sequential/properties/boundary/enum",keyword:"enum",params:{allowedValues: schema95.properties.analysis.properties.sequential.properties.boundary.enum},message:"must be equal to one of the allowed values",schema:schema95.properties.analysis.properties.sequential.properties.boundary.enum,parentSchema:schema95.properties.analysis.properties.sequential.properties.boundary,data:data34};
if(vErrors === null){
vErrors = [err81];
}
else {
vErrors.push(err81);
}
errors++;
}
}
}
else {
const err82 = {instancePath:instancePath+"/analysis/sequential",schemaPath:"#/properties/analysis/properties/sequential/type",keyword:"type",params:{type: "object"},message:"must be object",schema:schema95.properties.analysis.properties.sequential.type,parentSchema:schema95.properties.analysis.properties.sequential,data:data32};
if(vErrors === null){
vErrors = [err82];
}
else {
vErrors.push(err82);
}
errors++;
}
}
if(data28.cuped !== undefined){
let data35 = data28.cuped;
if(data35 && typeof data35 == "object" && !Array.isArray(data35)){
if(data35.days === undefined){
const err83 = {instancePath:instancePath+"/analysis/cuped",schemaPath:"#/properties/analysis/properties/cuped/required",keyword:"required",params:{missingProperty: "days"},message:"must have required property '"+"days"+"'",schema:schema95.properties.analysis.properties.cuped.required,parentSchema:schema95.properties.analysis.properties.cuped,data:data35};
if(vErrors === null){
vErrors = [err83];
}
else {
vErrors.push(err83);
}
errors++;
}
for(const key6 in data35){
if(!(key6 === "days")){
const err84 = {instancePath:instancePath+"/analysis/cuped",schemaPath:"#/properties/analysis/properties/cuped/additionalProperties",keyword:"additionalProperties",params:{additionalProperty: key6},message:"must NOT have additional properties",schema:false,parentSchema:schema95.properties.analysis.properties.cuped,data:data35};
if(vErrors === null){
vErrors = [err84];
}
else {
vErrors.push(err84);
}
errors++;
}
}
if(data35.days !== undefined){
let data36 = data35.days;
if(!(((typeof data36 == "number") && (!(data36 % 1) && !isNaN(data36))) && (isFinite(data36)))){
const err85 = {instancePath:instancePath+"/analysis/cuped/days",schemaPath:"#/properties/analysis/properties/cuped/properties/days/type",keyword:"type",params:{type: "integer"},message:"must be integer",schema:schema95.properties.analysis.properties.cuped.properties.days.type,parentSchema:schema95.properties.analysis.properties.cuped.properties.days,data:data36};
if(vErrors === null){
vErrors = [err85];
}
else {
vErrors.push(err85);
}
errors++;
}
if((typeof data36 == "number") && (isFinite(data36))){
if(data36 > 365 || isNaN(data36)){
const err86 = {instancePath:instancePath+"/analysis/cuped/days",schemaPath:"#/properties/analysis/properties/cuped/properties/days/maximum",keyword:"maximum",params:{comparison: "<=", limit: 365},message:"must be <= 365",schema:365,parentSchema:schema95.properties.analysis.properties.cuped.properties.days,data:data36};
if(vErrors === null){
vErrors = [err86];
}
else {
vErrors.push(err86);
}
errors++;
}
if(data36 < 1 || isNaN(data36)){
const err87 = {instancePath:instancePath+"/analysis/cuped/days",schemaPath:"#/properties/analysis/properties/cuped/properties/days/minimum",keyword:"minimum",params:{comparison: ">=", limit: 1},message:"must be >= 1",schema:1,parentSchema:schema95.properties.analysis.properties.cuped.properties.days,data:data36};
if(vErrors === null){
vErrors = [err87];
}
else {
vErrors.push(err87);
}
errors++;
}
}
}
}
else {
const err88 = {instancePath:instancePath+"/analysis/cuped",schemaPath:"#/properties/analysis/properties/cuped/type",keyword:"type",params:{type: "object"},message:"must be object",schema:schema95.properties.analysis.properties.cuped.type,parentSchema:schema95.properties.analysis.properties.cuped,data:data35};
if(vErrors === null){
vErrors = [err88];
}
else {
vErrors.push(err88);
}
errors++;
}
}
}
else {
const err89 = {instancePath:instancePath+"/analysis",schemaPath:"#/properties/analysis/type",keyword:"type",params:{type: "object"},message:"must be object",schema:schema95.properties.analysis.type,parentSchema:schema95.properties.analysis,data:data28};
if(vErrors === null){
vErrors = [err89];
}
else {
vErrors.push(err89);
}
errors++;
}
}
if(data.layer !== undefined){
if(data.slot === undefined){
const err90 = {instancePath,schemaPath:"#/dependentRequired",keyword:"dependentRequired",params:{property: "layer",
    missingProperty: "slot",
    depsCount: 1,
    deps: "slot"},message:"must have property slot when property layer is present",schema:schema95.dependentRequired,parentSchema:schema95,data};
if(vErrors === null){
vErrors = [err90];
}
else {
vErrors.push(err90);
}
errors++;
}
}
if(data.slot !== undefined){
if(data.layer === undefined){
const err91 = {instancePath,schemaPath:"#/dependentRequired",keyword:"dependentRequired",params:{property: "slot",
    missingProperty: "layer",
    depsCount: 1,
    deps: "layer"},message:"must have property layer when property slot is present",schema:schema95.dependentRequired,parentSchema:schema95,data};
if(vErrors === null){
vErrors = [err91];
}
else {
vErrors.push(err91);
}
errors++;
}
}
}
else {
const err92 = {instancePath,schemaPath:"#/type",keyword:"type",params:{type: "object"},message:"must be object",schema:schema95.type,parentSchema:schema95,data};
if(vErrors === null){
vErrors = [err92];
}
else {
vErrors.push(err92);
}
errors++;
}
validate66.errors = vErrors;
return errors === 0;
}
validate66.evaluated = {"props":true,"dynamicProps":false,"dynamicItems":false};

export const metric = validate67;
const schema109 = {"$schema":"https://json-schema.org/draft/2020-12/schema","$id":"metric.schema.json","title":"MetricDefinition","description":"A metric: how the events that apps track become a number per unit.","type":"object","required":["metric","type","direction"],"additionalProperties":false,"allOf":[{"if":{"required":["type"],"properties":{"type":{"const":"ratio"}}},"then":{"required":["numerator","denominator"],"properties":{"event":false,"value":false}},"else":{"required":["event"],"properties":{"numerator":false,"denominator":false}}},{"if":{"required":["type"],"properties":{"type":{"const":"binary"}}},"then":{"properties":{"value":false}}}],"properties":{"metric":{"$ref":"common.schema.json#/$defs/key","description":"The metric's key, which is also the file's name."},"description":{"description":"What is counted, in words.","type":"string"},"owner":{"description":"The team or person who answers for the metric.","type":"string"},"tags":{"description":"Free words to find metrics by.","type":"array","items":{"type":"string"}},"event":{"description":"The event name that apps track. A ratio has `numerator` and `denominator` instead.","type":"string","minLength":1},"type":{"description":"binary: did it happen; count: how often, or the sum of `value`; mean: the average of `value`; ratio: one event per another.","enum":["binary","count","mean","ratio"]},"direction":{"description":"The good direction.","enum":["increase","decrease"]},"value":{"description":"count and mean: the event's property that is summed or averaged. `value` is the value of the tracked event itself.","type":"string","minLength":1},"numerator":{"description":"ratio: the event above the line.","type":"string","minLength":1},"denominator":{"description":"ratio: the event below the line.","type":"string","minLength":1},"window":{"description":"Counted this long after the first exposure: a whole number and m, h or d, for example 7d.","type":"string","pattern":"^[1-9][0-9]{0,3}[mhd]$"},"cap":{"description":"Winsorise at this percentile, between 0 and 1.","type":"number","exclusiveMinimum":0,"maximum":1},"margin":{"description":"Guardrail: the relative loss that is still acceptable.","type":"number","minimum":0}}};
const pattern40 = new RegExp("^[1-9][0-9]{0,3}[mhd]$", "u");

function validate67(data, {instancePath="", parentData, parentDataProperty, rootData=data, dynamicAnchors={}}={}){
/*# sourceURL="metric.schema.json" */;
let vErrors = null;
let errors = 0;
const evaluated0 = validate67.evaluated;
if(evaluated0.dynamicProps){
evaluated0.props = undefined;
}
if(evaluated0.dynamicItems){
evaluated0.items = undefined;
}
const _errs2 = errors;
let valid1 = true;
const _errs3 = errors;
if(data && typeof data == "object" && !Array.isArray(data)){
let missing0;
if((data.type === undefined) && (missing0 = "type")){
const err0 = {};
if(vErrors === null){
vErrors = [err0];
}
else {
vErrors.push(err0);
}
errors++;
}
else {
if(data.type !== undefined){
if("ratio" !== data.type){
const err1 = {};
if(vErrors === null){
vErrors = [err1];
}
else {
vErrors.push(err1);
}
errors++;
}
}
}
}
var _valid0 = _errs3 === errors;
errors = _errs2;
if(vErrors !== null){
if(_errs2){
vErrors.length = _errs2;
}
else {
vErrors = null;
}
}
let ifClause0;
if(_valid0){
const _errs5 = errors;
if(data && typeof data == "object" && !Array.isArray(data)){
if(data.numerator === undefined){
const err2 = {instancePath,schemaPath:"#/allOf/0/then/required",keyword:"required",params:{missingProperty: "numerator"},message:"must have required property '"+"numerator"+"'",schema:schema109.allOf[0].then.required,parentSchema:schema109.allOf[0].then,data};
if(vErrors === null){
vErrors = [err2];
}
else {
vErrors.push(err2);
}
errors++;
}
if(data.denominator === undefined){
const err3 = {instancePath,schemaPath:"#/allOf/0/then/required",keyword:"required",params:{missingProperty: "denominator"},message:"must have required property '"+"denominator"+"'",schema:schema109.allOf[0].then.required,parentSchema:schema109.allOf[0].then,data};
if(vErrors === null){
vErrors = [err3];
}
else {
vErrors.push(err3);
}
errors++;
}
if(data.event !== undefined){
const err4 = {instancePath:instancePath+"/event",schemaPath:"#/allOf/0/then/properties/event/false schema",keyword:"false schema",params:{},message:"boolean schema is false",schema:false,parentSchema:schema109.allOf[0].then.properties.event,data:data.event};
if(vErrors === null){
vErrors = [err4];
}
else {
vErrors.push(err4);
}
errors++;
}
if(data.value !== undefined){
const err5 = {instancePath:instancePath+"/value",schemaPath:"#/allOf/0/then/properties/value/false schema",keyword:"false schema",params:{},message:"boolean schema is false",schema:false,parentSchema:schema109.allOf[0].then.properties.value,data:data.value};
if(vErrors === null){
vErrors = [err5];
}
else {
vErrors.push(err5);
}
errors++;
}
}
var _valid0 = _errs5 === errors;
valid1 = _valid0;
if(valid1){
var props0 = {};
props0.event = true;
props0.value = true;
props0.type = true;
}
ifClause0 = "then";
}
else {
const _errs6 = errors;
if(data && typeof data == "object" && !Array.isArray(data)){
if(data.event === undefined){
const err6 = {instancePath,schemaPath:"#/allOf/0/else/required",keyword:"required",params:{missingProperty: "event"},message:"must have required property '"+"event"+"'",schema:schema109.allOf[0].else.required,parentSchema:schema109.allOf[0].else,data};
if(vErrors === null){
vErrors = [err6];
}
else {
vErrors.push(err6);
}
errors++;
}
if(data.numerator !== undefined){
const err7 = {instancePath:instancePath+"/numerator",schemaPath:"#/allOf/0/else/properties/numerator/false schema",keyword:"false schema",params:{},message:"boolean schema is false",schema:false,parentSchema:schema109.allOf[0].else.properties.numerator,data:data.numerator};
if(vErrors === null){
vErrors = [err7];
}
else {
vErrors.push(err7);
}
errors++;
}
if(data.denominator !== undefined){
const err8 = {instancePath:instancePath+"/denominator",schemaPath:"#/allOf/0/else/properties/denominator/false schema",keyword:"false schema",params:{},message:"boolean schema is false",schema:false,parentSchema:schema109.allOf[0].else.properties.denominator,data:data.denominator};
if(vErrors === null){
vErrors = [err8];
}
else {
vErrors.push(err8);
}
errors++;
}
}
var _valid0 = _errs6 === errors;
valid1 = _valid0;
if(valid1){
if(props0 !== true){
props0 = props0 || {};
props0.numerator = true;
props0.denominator = true;
}
}
ifClause0 = "else";
}
if(!valid1){
const err9 = {instancePath,schemaPath:"#/allOf/0/if",keyword:"if",params:{failingKeyword: ifClause0},message:"must match \""+ifClause0+"\" schema",schema:schema109.allOf[0].if,parentSchema:schema109.allOf[0],data};
if(vErrors === null){
vErrors = [err9];
}
else {
vErrors.push(err9);
}
errors++;
}
const _errs8 = errors;
let valid5 = true;
const _errs9 = errors;
if(data && typeof data == "object" && !Array.isArray(data)){
let missing1;
if((data.type === undefined) && (missing1 = "type")){
const err10 = {};
if(vErrors === null){
vErrors = [err10];
}
else {
vErrors.push(err10);
}
errors++;
}
else {
if(data.type !== undefined){
if("binary" !== data.type){
const err11 = {};
if(vErrors === null){
vErrors = [err11];
}
else {
vErrors.push(err11);
}
errors++;
}
}
}
}
var _valid1 = _errs9 === errors;
errors = _errs8;
if(vErrors !== null){
if(_errs8){
vErrors.length = _errs8;
}
else {
vErrors = null;
}
}
if(_valid1){
const _errs11 = errors;
if(data && typeof data == "object" && !Array.isArray(data)){
if(data.value !== undefined){
const err12 = {instancePath:instancePath+"/value",schemaPath:"#/allOf/1/then/properties/value/false schema",keyword:"false schema",params:{},message:"boolean schema is false",schema:false,parentSchema:schema109.allOf[1].then.properties.value,data:data.value};
if(vErrors === null){
vErrors = [err12];
}
else {
vErrors.push(err12);
}
errors++;
}
}
var _valid1 = _errs11 === errors;
valid5 = _valid1;
if(valid5){
var props1 = {};
props1.value = true;
props1.type = true;
}
}
if(!valid5){
const err13 = {instancePath,schemaPath:"#/allOf/1/if",keyword:"if",params:{failingKeyword: "then"},message:"must match \"then\" schema",schema:schema109.allOf[1].if,parentSchema:schema109.allOf[1],data};
if(vErrors === null){
vErrors = [err13];
}
else {
vErrors.push(err13);
}
errors++;
}
if(props0 !== true && props1 !== undefined){
if(props1 === true){
props0 = true;
}
else {
props0 = props0 || {};
Object.assign(props0, props1);
}
}
if(data && typeof data == "object" && !Array.isArray(data)){
if(data.metric === undefined){
const err14 = {instancePath,schemaPath:"#/required",keyword:"required",params:{missingProperty: "metric"},message:"must have required property '"+"metric"+"'",schema:schema109.required,parentSchema:schema109,data};
if(vErrors === null){
vErrors = [err14];
}
else {
vErrors.push(err14);
}
errors++;
}
if(data.type === undefined){
const err15 = {instancePath,schemaPath:"#/required",keyword:"required",params:{missingProperty: "type"},message:"must have required property '"+"type"+"'",schema:schema109.required,parentSchema:schema109,data};
if(vErrors === null){
vErrors = [err15];
}
else {
vErrors.push(err15);
}
errors++;
}
if(data.direction === undefined){
const err16 = {instancePath,schemaPath:"#/required",keyword:"required",params:{missingProperty: "direction"},message:"must have required property '"+"direction"+"'",schema:schema109.required,parentSchema:schema109,data};
if(vErrors === null){
vErrors = [err16];
}
else {
vErrors.push(err16);
}
errors++;
}
for(const key0 in data){
if(!(func9.call(schema109.properties, key0))){
const err17 = {instancePath,schemaPath:"#/additionalProperties",keyword:"additionalProperties",params:{additionalProperty: key0},message:"must NOT have additional properties",schema:false,parentSchema:schema109,data};
if(vErrors === null){
vErrors = [err17];
}
else {
vErrors.push(err17);
}
errors++;
}
}
if(data.metric !== undefined){
let data7 = data.metric;
if(typeof data7 === "string"){
if(!pattern5.test(data7)){
const err18 = {instancePath:instancePath+"/metric",schemaPath:"common.schema.json#/$defs/key/pattern",keyword:"pattern",params:{pattern: "^[a-z0-9][a-z0-9._-]{0,99}$"},message:"must match pattern \""+"^[a-z0-9][a-z0-9._-]{0,99}$"+"\"",schema:"^[a-z0-9][a-z0-9._-]{0,99}$",parentSchema:schema33,data:data7};
if(vErrors === null){
vErrors = [err18];
}
else {
vErrors.push(err18);
}
errors++;
}
}
else {
const err19 = {instancePath:instancePath+"/metric",schemaPath:"common.schema.json#/$defs/key/type",keyword:"type",params:{type: "string"},message:"must be string",schema:schema33.type,parentSchema:schema33,data:data7};
if(vErrors === null){
vErrors = [err19];
}
else {
vErrors.push(err19);
}
errors++;
}
}
if(data.description !== undefined){
let data8 = data.description;
if(typeof data8 !== "string"){
const err20 = {instancePath:instancePath+"/description",schemaPath:"#/properties/description/type",keyword:"type",params:{type: "string"},message:"must be string",schema:schema109.properties.description.type,parentSchema:schema109.properties.description,data:data8};
if(vErrors === null){
vErrors = [err20];
}
else {
vErrors.push(err20);
}
errors++;
}
}
if(data.owner !== undefined){
let data9 = data.owner;
if(typeof data9 !== "string"){
const err21 = {instancePath:instancePath+"/owner",schemaPath:"#/properties/owner/type",keyword:"type",params:{type: "string"},message:"must be string",schema:schema109.properties.owner.type,parentSchema:schema109.properties.owner,data:data9};
if(vErrors === null){
vErrors = [err21];
}
else {
vErrors.push(err21);
}
errors++;
}
}
if(data.tags !== undefined){
let data10 = data.tags;
if(Array.isArray(data10)){
const len0 = data10.length;
for(let i0=0; i0<len0; i0++){
let data11 = data10[i0];
if(typeof data11 !== "string"){
const err22 = {instancePath:instancePath+"/tags/" + i0,schemaPath:"#/properties/tags/items/type",keyword:"type",params:{type: "string"},message:"must be string",schema:schema109.properties.tags.items.type,parentSchema:schema109.properties.tags.items,data:data11};
if(vErrors === null){
vErrors = [err22];
}
else {
vErrors.push(err22);
}
errors++;
}
}
}
else {
const err23 = {instancePath:instancePath+"/tags",schemaPath:"#/properties/tags/type",keyword:"type",params:{type: "array"},message:"must be array",schema:schema109.properties.tags.type,parentSchema:schema109.properties.tags,data:data10};
if(vErrors === null){
vErrors = [err23];
}
else {
vErrors.push(err23);
}
errors++;
}
}
if(data.event !== undefined){
let data12 = data.event;
if(typeof data12 === "string"){
if(func1(data12) < 1){
const err24 = {instancePath:instancePath+"/event",schemaPath:"#/properties/event/minLength",keyword:"minLength",params:{limit: 1},message:"must NOT have fewer than 1 characters",schema:1,parentSchema:schema109.properties.event,data:data12};
if(vErrors === null){
vErrors = [err24];
}
else {
vErrors.push(err24);
}
errors++;
}
}
else {
const err25 = {instancePath:instancePath+"/event",schemaPath:"#/properties/event/type",keyword:"type",params:{type: "string"},message:"must be string",schema:schema109.properties.event.type,parentSchema:schema109.properties.event,data:data12};
if(vErrors === null){
vErrors = [err25];
}
else {
vErrors.push(err25);
}
errors++;
}
}
if(data.type !== undefined){
let data13 = data.type;
if(!((((data13 === "binary") || (data13 === "count")) || (data13 === "mean")) || (data13 === "ratio"))){
const err26 = {instancePath:instancePath+"/type",schemaPath:"#/properties/type/enum",keyword:"enum",params:{allowedValues: schema109.properties.type.enum},message:"must be equal to one of the allowed values",schema:schema109.properties.type.enum,parentSchema:schema109.properties.type,data:data13};
if(vErrors === null){
vErrors = [err26];
}
else {
vErrors.push(err26);
}
errors++;
}
}
if(data.direction !== undefined){
let data14 = data.direction;
if(!((data14 === "increase") || (data14 === "decrease"))){
const err27 = {instancePath:instancePath+"/direction",schemaPath:"#/properties/direction/enum",keyword:"enum",params:{allowedValues: schema109.properties.direction.enum},message:"must be equal to one of the allowed values",schema:schema109.properties.direction.enum,parentSchema:schema109.properties.direction,data:data14};
if(vErrors === null){
vErrors = [err27];
}
else {
vErrors.push(err27);
}
errors++;
}
}
if(data.value !== undefined){
let data15 = data.value;
if(typeof data15 === "string"){
if(func1(data15) < 1){
const err28 = {instancePath:instancePath+"/value",schemaPath:"#/properties/value/minLength",keyword:"minLength",params:{limit: 1},message:"must NOT have fewer than 1 characters",schema:1,parentSchema:schema109.properties.value,data:data15};
if(vErrors === null){
vErrors = [err28];
}
else {
vErrors.push(err28);
}
errors++;
}
}
else {
const err29 = {instancePath:instancePath+"/value",schemaPath:"#/properties/value/type",keyword:"type",params:{type: "string"},message:"must be string",schema:schema109.properties.value.type,parentSchema:schema109.properties.value,data:data15};
if(vErrors === null){
vErrors = [err29];
}
else {
vErrors.push(err29);
}
errors++;
}
}
if(data.numerator !== undefined){
let data16 = data.numerator;
if(typeof data16 === "string"){
if(func1(data16) < 1){
const err30 = {instancePath:instancePath+"/numerator",schemaPath:"#/properties/numerator/minLength",keyword:"minLength",params:{limit: 1},message:"must NOT have fewer than 1 characters",schema:1,parentSchema:schema109.properties.numerator,data:data16};
if(vErrors === null){
vErrors = [err30];
}
else {
vErrors.push(err30);
}
errors++;
}
}
else {
const err31 = {instancePath:instancePath+"/numerator",schemaPath:"#/properties/numerator/type",keyword:"type",params:{type: "string"},message:"must be string",schema:schema109.properties.numerator.type,parentSchema:schema109.properties.numerator,data:data16};
if(vErrors === null){
vErrors = [err31];
}
else {
vErrors.push(err31);
}
errors++;
}
}
if(data.denominator !== undefined){
let data17 = data.denominator;
if(typeof data17 === "string"){
if(func1(data17) < 1){
const err32 = {instancePath:instancePath+"/denominator",schemaPath:"#/properties/denominator/minLength",keyword:"minLength",params:{limit: 1},message:"must NOT have fewer than 1 characters",schema:1,parentSchema:schema109.properties.denominator,data:data17};
if(vErrors === null){
vErrors = [err32];
}
else {
vErrors.push(err32);
}
errors++;
}
}
else {
const err33 = {instancePath:instancePath+"/denominator",schemaPath:"#/properties/denominator/type",keyword:"type",params:{type: "string"},message:"must be string",schema:schema109.properties.denominator.type,parentSchema:schema109.properties.denominator,data:data17};
if(vErrors === null){
vErrors = [err33];
}
else {
vErrors.push(err33);
}
errors++;
}
}
if(data.window !== undefined){
let data18 = data.window;
if(typeof data18 === "string"){
if(!pattern40.test(data18)){
const err34 = {instancePath:instancePath+"/window",schemaPath:"#/properties/window/pattern",keyword:"pattern",params:{pattern: "^[1-9][0-9]{0,3}[mhd]$"},message:"must match pattern \""+"^[1-9][0-9]{0,3}[mhd]$"+"\"",schema:"^[1-9][0-9]{0,3}[mhd]$",parentSchema:schema109.properties.window,data:data18};
if(vErrors === null){
vErrors = [err34];
}
else {
vErrors.push(err34);
}
errors++;
}
}
else {
const err35 = {instancePath:instancePath+"/window",schemaPath:"#/properties/window/type",keyword:"type",params:{type: "string"},message:"must be string",schema:schema109.properties.window.type,parentSchema:schema109.properties.window,data:data18};
if(vErrors === null){
vErrors = [err35];
}
else {
vErrors.push(err35);
}
errors++;
}
}
if(data.cap !== undefined){
let data19 = data.cap;
if((typeof data19 == "number") && (isFinite(data19))){
if(data19 > 1 || isNaN(data19)){
const err36 = {instancePath:instancePath+"/cap",schemaPath:"#/properties/cap/maximum",keyword:"maximum",params:{comparison: "<=", limit: 1},message:"must be <= 1",schema:1,parentSchema:schema109.properties.cap,data:data19};
if(vErrors === null){
vErrors = [err36];
}
else {
vErrors.push(err36);
}
errors++;
}
if(data19 <= 0 || isNaN(data19)){
const err37 = {instancePath:instancePath+"/cap",schemaPath:"#/properties/cap/exclusiveMinimum",keyword:"exclusiveMinimum",params:{comparison: ">", limit: 0},message:"must be > 0",schema:0,parentSchema:schema109.properties.cap,data:data19};
if(vErrors === null){
vErrors = [err37];
}
else {
vErrors.push(err37);
}
errors++;
}
}
else {
const err38 = {instancePath:instancePath+"/cap",schemaPath:"#/properties/cap/type",keyword:"type",params:{type: "number"},message:"must be number",schema:schema109.properties.cap.type,parentSchema:schema109.properties.cap,data:data19};
if(vErrors === null){
vErrors = [err38];
}
else {
vErrors.push(err38);
}
errors++;
}
}
if(data.margin !== undefined){
let data20 = data.margin;
if((typeof data20 == "number") && (isFinite(data20))){
if(data20 < 0 || isNaN(data20)){
const err39 = {instancePath:instancePath+"/margin",schemaPath:"#/properties/margin/minimum",keyword:"minimum",params:{comparison: ">=", limit: 0},message:"must be >= 0",schema:0,parentSchema:schema109.properties.margin,data:data20};
if(vErrors === null){
vErrors = [err39];
}
else {
vErrors.push(err39);
}
errors++;
}
}
else {
const err40 = {instancePath:instancePath+"/margin",schemaPath:"#/properties/margin/type",keyword:"type",params:{type: "number"},message:"must be number",schema:schema109.properties.margin.type,parentSchema:schema109.properties.margin,data:data20};
if(vErrors === null){
vErrors = [err40];
}
else {
vErrors.push(err40);
}
errors++;
}
}
}
else {
const err41 = {instancePath,schemaPath:"#/type",keyword:"type",params:{type: "object"},message:"must be object",schema:schema109.type,parentSchema:schema109,data};
if(vErrors === null){
vErrors = [err41];
}
else {
vErrors.push(err41);
}
errors++;
}
validate67.errors = vErrors;
return errors === 0;
}
validate67.evaluated = {"props":true,"dynamicProps":false,"dynamicItems":false};

export const test = validate68;
const schema111 = {"$schema":"https://json-schema.org/draft/2020-12/schema","$id":"test.schema.json","title":"FlagTest","description":"Tests of one flag, in a file named `….test.yaml`: who must get what. `halyard test` runs them.","type":"object","required":["test","cases"],"additionalProperties":false,"oneOf":[{"required":["environment"]},{"required":["environments"]}],"properties":{"test":{"$ref":"common.schema.json#/$defs/key","description":"The key of the flag that is tested."},"environment":{"$ref":"common.schema.json#/$defs/key","description":"The environment in which every case runs. Or, instead, several `environments`."},"environments":{"description":"Environments in each of which every case runs.","type":"array","minItems":1,"uniqueItems":true,"items":{"$ref":"common.schema.json#/$defs/key","type":"string"}},"at":{"$ref":"#/$defs/clock","description":"The time at which the cases run that do not say their own, such as 2026-12-24T00:00:00Z (RFC 3339). Without it they run at 2000-01-01T00:00:00Z, before any ramp began."},"cases":{"description":"What is tried, and what must come of it.","type":"array","minItems":1,"items":{"$ref":"#/$defs/testCase"}}},"$defs":{"testCase":{"title":"TestCase","type":"object","required":["name"],"additionalProperties":false,"properties":{"name":{"description":"What the case shows, as a sentence. Each name once in a file.","type":"string","minLength":1,"maxLength":200},"matrix":{"description":"Lists of values by name. The case runs once for each combination, with `${name}` replaced: alone it becomes the value itself, within a text its text.","type":"object","minProperties":1,"propertyNames":{"description":"Letters, digits, `_` and `-`, beginning with a letter.","type":"string","pattern":"^[A-Za-z][A-Za-z0-9_-]{0,99}$"},"additionalProperties":{"description":"The values to try, each once.","type":"array","minItems":1}},"at":{"$ref":"#/$defs/clock","description":"The time at which the case runs, such as 2026-12-24T00:00:00Z (RFC 3339)."},"context":{"description":"Who asks: `targetingKey` and attributes, as an app sends them. Empty where it is left out; a null is a missing attribute.","type":"object"},"experiments":{"description":"Fixes experiments by key: the arm that the subject gets, or `none` to keep it out. Needs no unit.","type":"object","additionalProperties":{"description":"The arm's variation, or `none`.","type":"string"}},"buckets":{"description":"Fixes the flag's own bucket to every number of each range (0-9999, both ends belong to it), and says which variation each must get. Needs no unit.","type":"object","minProperties":1,"additionalProperties":{"$ref":"#/$defs/names"}},"expect":{"$ref":"#/$defs/expectation"}}},"clock":{"description":"An instant with its time and zone, such as 2026-12-24T00:00:00Z (RFC 3339).","type":"string"},"expectation":{"title":"Expectation","description":"What the decision must be. A list means any of its items, and null that the decision has none.","type":"object","minProperties":1,"additionalProperties":false,"properties":{"value":{"description":"The value that the app gets; null where its own default stands. A list means any of them, but of a json flag it is the value itself.","type":["boolean","number","string","object","array","null"]},"variation":{"$ref":"#/$defs/names","description":"The variation; null where the app's own default stands. A list means any of them."},"reason":{"description":"Why, in OpenFeature's words. A list means any of them.","oneOf":[{"$ref":"#/$defs/reason"},{"type":"array","minItems":1,"items":{"$ref":"#/$defs/reason"}}]},"rule":{"$ref":"#/$defs/names","description":"The name of the rule that decides, or `#2` (counted from 1) for one without a name; null where none does."},"experiment":{"$ref":"#/$defs/names","description":"The key of the experiment that decides; null where none does."},"arm":{"$ref":"#/$defs/names","description":"The arm that the experiment gives; null where no experiment decides."},"requires":{"$ref":"#/$defs/names","description":"The required flag that does not give its variation, so that this one is off; null where all do."},"errorCode":{"description":"The error, in OpenFeature's words; null where there is none. A list means any of them.","oneOf":[{"$ref":"#/$defs/errorCode"},{"type":"array","minItems":1,"items":{"$ref":"#/$defs/errorCode"}}]}}},"names":{"description":"One name, a list of names of which any will do, or null for none.","type":["string","null","array"],"minItems":1,"items":{"description":"A name, or null for none.","type":["string","null"]}},"reason":{"type":"string","anyOf":[{"enum":["STATIC","DEFAULT","TARGETING_MATCH","SPLIT","DISABLED","ERROR"]},{"pattern":"^\\$\\{[^}]*\\}$"}]},"errorCode":{"type":["string","null"],"anyOf":[{"enum":["TARGETING_KEY_MISSING",null]},{"pattern":"^\\$\\{[^}]*\\}$"}]}}};
const schema115 = {"description":"An instant with its time and zone, such as 2026-12-24T00:00:00Z (RFC 3339).","type":"string"};
const schema116 = {"title":"TestCase","type":"object","required":["name"],"additionalProperties":false,"properties":{"name":{"description":"What the case shows, as a sentence. Each name once in a file.","type":"string","minLength":1,"maxLength":200},"matrix":{"description":"Lists of values by name. The case runs once for each combination, with `${name}` replaced: alone it becomes the value itself, within a text its text.","type":"object","minProperties":1,"propertyNames":{"description":"Letters, digits, `_` and `-`, beginning with a letter.","type":"string","pattern":"^[A-Za-z][A-Za-z0-9_-]{0,99}$"},"additionalProperties":{"description":"The values to try, each once.","type":"array","minItems":1}},"at":{"$ref":"#/$defs/clock","description":"The time at which the case runs, such as 2026-12-24T00:00:00Z (RFC 3339)."},"context":{"description":"Who asks: `targetingKey` and attributes, as an app sends them. Empty where it is left out; a null is a missing attribute.","type":"object"},"experiments":{"description":"Fixes experiments by key: the arm that the subject gets, or `none` to keep it out. Needs no unit.","type":"object","additionalProperties":{"description":"The arm's variation, or `none`.","type":"string"}},"buckets":{"description":"Fixes the flag's own bucket to every number of each range (0-9999, both ends belong to it), and says which variation each must get. Needs no unit.","type":"object","minProperties":1,"additionalProperties":{"$ref":"#/$defs/names"}},"expect":{"$ref":"#/$defs/expectation"}}};
const schema118 = {"description":"One name, a list of names of which any will do, or null for none.","type":["string","null","array"],"minItems":1,"items":{"description":"A name, or null for none.","type":["string","null"]}};
const pattern44 = new RegExp("^[A-Za-z][A-Za-z0-9_-]{0,99}$", "u");
const schema119 = {"title":"Expectation","description":"What the decision must be. A list means any of its items, and null that the decision has none.","type":"object","minProperties":1,"additionalProperties":false,"properties":{"value":{"description":"The value that the app gets; null where its own default stands. A list means any of them, but of a json flag it is the value itself.","type":["boolean","number","string","object","array","null"]},"variation":{"$ref":"#/$defs/names","description":"The variation; null where the app's own default stands. A list means any of them."},"reason":{"description":"Why, in OpenFeature's words. A list means any of them.","oneOf":[{"$ref":"#/$defs/reason"},{"type":"array","minItems":1,"items":{"$ref":"#/$defs/reason"}}]},"rule":{"$ref":"#/$defs/names","description":"The name of the rule that decides, or `#2` (counted from 1) for one without a name; null where none does."},"experiment":{"$ref":"#/$defs/names","description":"The key of the experiment that decides; null where none does."},"arm":{"$ref":"#/$defs/names","description":"The arm that the experiment gives; null where no experiment decides."},"requires":{"$ref":"#/$defs/names","description":"The required flag that does not give its variation, so that this one is off; null where all do."},"errorCode":{"description":"The error, in OpenFeature's words; null where there is none. A list means any of them.","oneOf":[{"$ref":"#/$defs/errorCode"},{"type":"array","minItems":1,"items":{"$ref":"#/$defs/errorCode"}}]}}};
const schema121 = {"type":"string","anyOf":[{"enum":["STATIC","DEFAULT","TARGETING_MATCH","SPLIT","DISABLED","ERROR"]},{"pattern":"^\\$\\{[^}]*\\}$"}]};
const schema127 = {"type":["string","null"],"anyOf":[{"enum":["TARGETING_KEY_MISSING",null]},{"pattern":"^\\$\\{[^}]*\\}$"}]};
const pattern45 = new RegExp("^\\$\\{[^}]*\\}$", "u");

function validate70(data, {instancePath="", parentData, parentDataProperty, rootData=data, dynamicAnchors={}}={}){
let vErrors = null;
let errors = 0;
const evaluated0 = validate70.evaluated;
if(evaluated0.dynamicProps){
evaluated0.props = undefined;
}
if(evaluated0.dynamicItems){
evaluated0.items = undefined;
}
if(data && typeof data == "object" && !Array.isArray(data)){
if(Object.keys(data).length < 1){
const err0 = {instancePath,schemaPath:"#/minProperties",keyword:"minProperties",params:{limit: 1},message:"must NOT have fewer than 1 properties",schema:1,parentSchema:schema119,data};
if(vErrors === null){
vErrors = [err0];
}
else {
vErrors.push(err0);
}
errors++;
}
for(const key0 in data){
if(!((((((((key0 === "value") || (key0 === "variation")) || (key0 === "reason")) || (key0 === "rule")) || (key0 === "experiment")) || (key0 === "arm")) || (key0 === "requires")) || (key0 === "errorCode"))){
const err1 = {instancePath,schemaPath:"#/additionalProperties",keyword:"additionalProperties",params:{additionalProperty: key0},message:"must NOT have additional properties",schema:false,parentSchema:schema119,data};
if(vErrors === null){
vErrors = [err1];
}
else {
vErrors.push(err1);
}
errors++;
}
}
if(data.value !== undefined){
let data0 = data.value;
if((((typeof data0 != "object") && (typeof data0 !== "boolean")) && (!((typeof data0 == "number") && (isFinite(data0))))) && (typeof data0 !== "string")){
const err2 = {instancePath:instancePath+"/value",schemaPath:"#/properties/value/type",keyword:"type",params:{type: schema119.properties.value.type},message:"must be boolean,number,string,object,array,null",schema:schema119.properties.value.type,parentSchema:schema119.properties.value,data:data0};
if(vErrors === null){
vErrors = [err2];
}
else {
vErrors.push(err2);
}
errors++;
}
}
if(data.variation !== undefined){
let data1 = data.variation;
if(((typeof data1 !== "string") && (data1 !== null)) && (!(Array.isArray(data1)))){
const err3 = {instancePath:instancePath+"/variation",schemaPath:"#/$defs/names/type",keyword:"type",params:{type: schema118.type},message:"must be string,null,array",schema:schema118.type,parentSchema:schema118,data:data1};
if(vErrors === null){
vErrors = [err3];
}
else {
vErrors.push(err3);
}
errors++;
}
if(Array.isArray(data1)){
if(data1.length < 1){
const err4 = {instancePath:instancePath+"/variation",schemaPath:"#/$defs/names/minItems",keyword:"minItems",params:{limit: 1},message:"must NOT have fewer than 1 items",schema:1,parentSchema:schema118,data:data1};
if(vErrors === null){
vErrors = [err4];
}
else {
vErrors.push(err4);
}
errors++;
}
const len0 = data1.length;
for(let i0=0; i0<len0; i0++){
let data2 = data1[i0];
if((typeof data2 !== "string") && (data2 !== null)){
const err5 = {instancePath:instancePath+"/variation/" + i0,schemaPath:"#/$defs/names/items/type",keyword:"type",params:{type: schema118.items.type},message:"must be string,null",schema:schema118.items.type,parentSchema:schema118.items,data:data2};
if(vErrors === null){
vErrors = [err5];
}
else {
vErrors.push(err5);
}
errors++;
}
}
}
}
if(data.reason !== undefined){
let data3 = data.reason;
const _errs10 = errors;
let valid4 = false;
let passing0 = null;
const _errs11 = errors;
if(typeof data3 !== "string"){
const err6 = {instancePath:instancePath+"/reason",schemaPath:"#/$defs/reason/type",keyword:"type",params:{type: "string"},message:"must be string",schema:schema121.type,parentSchema:schema121,data:data3};
if(vErrors === null){
vErrors = [err6];
}
else {
vErrors.push(err6);
}
errors++;
}
const _errs14 = errors;
let valid6 = false;
const _errs15 = errors;
if(!((((((data3 === "STATIC") || (data3 === "DEFAULT")) || (data3 === "TARGETING_MATCH")) || (data3 === "SPLIT")) || (data3 === "DISABLED")) || (data3 === "ERROR"))){
const err7 = {instancePath:instancePath+"/reason",schemaPath:"#/$defs/reason/anyOf/0/enum",keyword:"enum",params:{allowedValues: schema121.anyOf[0].enum},message:"must be equal to one of the allowed values",schema:schema121.anyOf[0].enum,parentSchema:schema121.anyOf[0],data:data3};
if(vErrors === null){
vErrors = [err7];
}
else {
vErrors.push(err7);
}
errors++;
}
var _valid1 = _errs15 === errors;
valid6 = valid6 || _valid1;
const _errs16 = errors;
if(typeof data3 === "string"){
if(!pattern45.test(data3)){
const err8 = {instancePath:instancePath+"/reason",schemaPath:"#/$defs/reason/anyOf/1/pattern",keyword:"pattern",params:{pattern: "^\\$\\{[^}]*\\}$"},message:"must match pattern \""+"^\\$\\{[^}]*\\}$"+"\"",schema:"^\\$\\{[^}]*\\}$",parentSchema:schema121.anyOf[1],data:data3};
if(vErrors === null){
vErrors = [err8];
}
else {
vErrors.push(err8);
}
errors++;
}
}
var _valid1 = _errs16 === errors;
valid6 = valid6 || _valid1;
if(!valid6){
const err9 = {instancePath:instancePath+"/reason",schemaPath:"#/$defs/reason/anyOf",keyword:"anyOf",params:{},message:"must match a schema in anyOf",schema:schema121.anyOf,parentSchema:schema121,data:data3};
if(vErrors === null){
vErrors = [err9];
}
else {
vErrors.push(err9);
}
errors++;
}
else {
errors = _errs14;
if(vErrors !== null){
if(_errs14){
vErrors.length = _errs14;
}
else {
vErrors = null;
}
}
}
var _valid0 = _errs11 === errors;
if(_valid0){
valid4 = true;
passing0 = 0;
}
const _errs17 = errors;
if(Array.isArray(data3)){
if(data3.length < 1){
const err10 = {instancePath:instancePath+"/reason",schemaPath:"#/properties/reason/oneOf/1/minItems",keyword:"minItems",params:{limit: 1},message:"must NOT have fewer than 1 items",schema:1,parentSchema:schema119.properties.reason.oneOf[1],data:data3};
if(vErrors === null){
vErrors = [err10];
}
else {
vErrors.push(err10);
}
errors++;
}
const len1 = data3.length;
for(let i1=0; i1<len1; i1++){
let data4 = data3[i1];
if(typeof data4 !== "string"){
const err11 = {instancePath:instancePath+"/reason/" + i1,schemaPath:"#/$defs/reason/type",keyword:"type",params:{type: "string"},message:"must be string",schema:schema121.type,parentSchema:schema121,data:data4};
if(vErrors === null){
vErrors = [err11];
}
else {
vErrors.push(err11);
}
errors++;
}
const _errs22 = errors;
let valid10 = false;
const _errs23 = errors;
if(!((((((data4 === "STATIC") || (data4 === "DEFAULT")) || (data4 === "TARGETING_MATCH")) || (data4 === "SPLIT")) || (data4 === "DISABLED")) || (data4 === "ERROR"))){
const err12 = {instancePath:instancePath+"/reason/" + i1,schemaPath:"#/$defs/reason/anyOf/0/enum",keyword:"enum",params:{allowedValues: schema121.anyOf[0].enum},message:"must be equal to one of the allowed values",schema:schema121.anyOf[0].enum,parentSchema:schema121.anyOf[0],data:data4};
if(vErrors === null){
vErrors = [err12];
}
else {
vErrors.push(err12);
}
errors++;
}
var _valid2 = _errs23 === errors;
valid10 = valid10 || _valid2;
const _errs24 = errors;
if(typeof data4 === "string"){
if(!pattern45.test(data4)){
const err13 = {instancePath:instancePath+"/reason/" + i1,schemaPath:"#/$defs/reason/anyOf/1/pattern",keyword:"pattern",params:{pattern: "^\\$\\{[^}]*\\}$"},message:"must match pattern \""+"^\\$\\{[^}]*\\}$"+"\"",schema:"^\\$\\{[^}]*\\}$",parentSchema:schema121.anyOf[1],data:data4};
if(vErrors === null){
vErrors = [err13];
}
else {
vErrors.push(err13);
}
errors++;
}
}
var _valid2 = _errs24 === errors;
valid10 = valid10 || _valid2;
if(!valid10){
const err14 = {instancePath:instancePath+"/reason/" + i1,schemaPath:"#/$defs/reason/anyOf",keyword:"anyOf",params:{},message:"must match a schema in anyOf",schema:schema121.anyOf,parentSchema:schema121,data:data4};
if(vErrors === null){
vErrors = [err14];
}
else {
vErrors.push(err14);
}
errors++;
}
else {
errors = _errs22;
if(vErrors !== null){
if(_errs22){
vErrors.length = _errs22;
}
else {
vErrors = null;
}
}
}
}
}
else {
const err15 = {instancePath:instancePath+"/reason",schemaPath:"#/properties/reason/oneOf/1/type",keyword:"type",params:{type: "array"},message:"must be array",schema:schema119.properties.reason.oneOf[1].type,parentSchema:schema119.properties.reason.oneOf[1],data:data3};
if(vErrors === null){
vErrors = [err15];
}
else {
vErrors.push(err15);
}
errors++;
}
var _valid0 = _errs17 === errors;
if(_valid0 && valid4){
valid4 = false;
passing0 = [passing0, 1];
}
else {
if(_valid0){
valid4 = true;
passing0 = 1;
}
}
if(!valid4){
const err16 = {instancePath:instancePath+"/reason",schemaPath:"#/properties/reason/oneOf",keyword:"oneOf",params:{passingSchemas: passing0},message:"must match exactly one schema in oneOf",schema:schema119.properties.reason.oneOf,parentSchema:schema119.properties.reason,data:data3};
if(vErrors === null){
vErrors = [err16];
}
else {
vErrors.push(err16);
}
errors++;
}
else {
errors = _errs10;
if(vErrors !== null){
if(_errs10){
vErrors.length = _errs10;
}
else {
vErrors = null;
}
}
}
}
if(data.rule !== undefined){
let data5 = data.rule;
if(((typeof data5 !== "string") && (data5 !== null)) && (!(Array.isArray(data5)))){
const err17 = {instancePath:instancePath+"/rule",schemaPath:"#/$defs/names/type",keyword:"type",params:{type: schema118.type},message:"must be string,null,array",schema:schema118.type,parentSchema:schema118,data:data5};
if(vErrors === null){
vErrors = [err17];
}
else {
vErrors.push(err17);
}
errors++;
}
if(Array.isArray(data5)){
if(data5.length < 1){
const err18 = {instancePath:instancePath+"/rule",schemaPath:"#/$defs/names/minItems",keyword:"minItems",params:{limit: 1},message:"must NOT have fewer than 1 items",schema:1,parentSchema:schema118,data:data5};
if(vErrors === null){
vErrors = [err18];
}
else {
vErrors.push(err18);
}
errors++;
}
const len2 = data5.length;
for(let i2=0; i2<len2; i2++){
let data6 = data5[i2];
if((typeof data6 !== "string") && (data6 !== null)){
const err19 = {instancePath:instancePath+"/rule/" + i2,schemaPath:"#/$defs/names/items/type",keyword:"type",params:{type: schema118.items.type},message:"must be string,null",schema:schema118.items.type,parentSchema:schema118.items,data:data6};
if(vErrors === null){
vErrors = [err19];
}
else {
vErrors.push(err19);
}
errors++;
}
}
}
}
if(data.experiment !== undefined){
let data7 = data.experiment;
if(((typeof data7 !== "string") && (data7 !== null)) && (!(Array.isArray(data7)))){
const err20 = {instancePath:instancePath+"/experiment",schemaPath:"#/$defs/names/type",keyword:"type",params:{type: schema118.type},message:"must be string,null,array",schema:schema118.type,parentSchema:schema118,data:data7};
if(vErrors === null){
vErrors = [err20];
}
else {
vErrors.push(err20);
}
errors++;
}
if(Array.isArray(data7)){
if(data7.length < 1){
const err21 = {instancePath:instancePath+"/experiment",schemaPath:"#/$defs/names/minItems",keyword:"minItems",params:{limit: 1},message:"must NOT have fewer than 1 items",schema:1,parentSchema:schema118,data:data7};
if(vErrors === null){
vErrors = [err21];
}
else {
vErrors.push(err21);
}
errors++;
}
const len3 = data7.length;
for(let i3=0; i3<len3; i3++){
let data8 = data7[i3];
if((typeof data8 !== "string") && (data8 !== null)){
const err22 = {instancePath:instancePath+"/experiment/" + i3,schemaPath:"#/$defs/names/items/type",keyword:"type",params:{type: schema118.items.type},message:"must be string,null",schema:schema118.items.type,parentSchema:schema118.items,data:data8};
if(vErrors === null){
vErrors = [err22];
}
else {
vErrors.push(err22);
}
errors++;
}
}
}
}
if(data.arm !== undefined){
let data9 = data.arm;
if(((typeof data9 !== "string") && (data9 !== null)) && (!(Array.isArray(data9)))){
const err23 = {instancePath:instancePath+"/arm",schemaPath:"#/$defs/names/type",keyword:"type",params:{type: schema118.type},message:"must be string,null,array",schema:schema118.type,parentSchema:schema118,data:data9};
if(vErrors === null){
vErrors = [err23];
}
else {
vErrors.push(err23);
}
errors++;
}
if(Array.isArray(data9)){
if(data9.length < 1){
const err24 = {instancePath:instancePath+"/arm",schemaPath:"#/$defs/names/minItems",keyword:"minItems",params:{limit: 1},message:"must NOT have fewer than 1 items",schema:1,parentSchema:schema118,data:data9};
if(vErrors === null){
vErrors = [err24];
}
else {
vErrors.push(err24);
}
errors++;
}
const len4 = data9.length;
for(let i4=0; i4<len4; i4++){
let data10 = data9[i4];
if((typeof data10 !== "string") && (data10 !== null)){
const err25 = {instancePath:instancePath+"/arm/" + i4,schemaPath:"#/$defs/names/items/type",keyword:"type",params:{type: schema118.items.type},message:"must be string,null",schema:schema118.items.type,parentSchema:schema118.items,data:data10};
if(vErrors === null){
vErrors = [err25];
}
else {
vErrors.push(err25);
}
errors++;
}
}
}
}
if(data.requires !== undefined){
let data11 = data.requires;
if(((typeof data11 !== "string") && (data11 !== null)) && (!(Array.isArray(data11)))){
const err26 = {instancePath:instancePath+"/requires",schemaPath:"#/$defs/names/type",keyword:"type",params:{type: schema118.type},message:"must be string,null,array",schema:schema118.type,parentSchema:schema118,data:data11};
if(vErrors === null){
vErrors = [err26];
}
else {
vErrors.push(err26);
}
errors++;
}
if(Array.isArray(data11)){
if(data11.length < 1){
const err27 = {instancePath:instancePath+"/requires",schemaPath:"#/$defs/names/minItems",keyword:"minItems",params:{limit: 1},message:"must NOT have fewer than 1 items",schema:1,parentSchema:schema118,data:data11};
if(vErrors === null){
vErrors = [err27];
}
else {
vErrors.push(err27);
}
errors++;
}
const len5 = data11.length;
for(let i5=0; i5<len5; i5++){
let data12 = data11[i5];
if((typeof data12 !== "string") && (data12 !== null)){
const err28 = {instancePath:instancePath+"/requires/" + i5,schemaPath:"#/$defs/names/items/type",keyword:"type",params:{type: schema118.items.type},message:"must be string,null",schema:schema118.items.type,parentSchema:schema118.items,data:data12};
if(vErrors === null){
vErrors = [err28];
}
else {
vErrors.push(err28);
}
errors++;
}
}
}
}
if(data.errorCode !== undefined){
let data13 = data.errorCode;
const _errs46 = errors;
let valid23 = false;
let passing1 = null;
const _errs47 = errors;
if((typeof data13 !== "string") && (data13 !== null)){
const err29 = {instancePath:instancePath+"/errorCode",schemaPath:"#/$defs/errorCode/type",keyword:"type",params:{type: schema127.type},message:"must be string,null",schema:schema127.type,parentSchema:schema127,data:data13};
if(vErrors === null){
vErrors = [err29];
}
else {
vErrors.push(err29);
}
errors++;
}
const _errs50 = errors;
let valid25 = false;
const _errs51 = errors;
if(!((data13 === "TARGETING_KEY_MISSING") || (data13 === null))){
const err30 = {instancePath:instancePath+"/errorCode",schemaPath:"#/$defs/errorCode/anyOf/0/enum",keyword:"enum",params:{allowedValues: schema127.anyOf[0].enum},message:"must be equal to one of the allowed values",schema:schema127.anyOf[0].enum,parentSchema:schema127.anyOf[0],data:data13};
if(vErrors === null){
vErrors = [err30];
}
else {
vErrors.push(err30);
}
errors++;
}
var _valid4 = _errs51 === errors;
valid25 = valid25 || _valid4;
const _errs52 = errors;
if(typeof data13 === "string"){
if(!pattern45.test(data13)){
const err31 = {instancePath:instancePath+"/errorCode",schemaPath:"#/$defs/errorCode/anyOf/1/pattern",keyword:"pattern",params:{pattern: "^\\$\\{[^}]*\\}$"},message:"must match pattern \""+"^\\$\\{[^}]*\\}$"+"\"",schema:"^\\$\\{[^}]*\\}$",parentSchema:schema127.anyOf[1],data:data13};
if(vErrors === null){
vErrors = [err31];
}
else {
vErrors.push(err31);
}
errors++;
}
}
var _valid4 = _errs52 === errors;
valid25 = valid25 || _valid4;
if(!valid25){
const err32 = {instancePath:instancePath+"/errorCode",schemaPath:"#/$defs/errorCode/anyOf",keyword:"anyOf",params:{},message:"must match a schema in anyOf",schema:schema127.anyOf,parentSchema:schema127,data:data13};
if(vErrors === null){
vErrors = [err32];
}
else {
vErrors.push(err32);
}
errors++;
}
else {
errors = _errs50;
if(vErrors !== null){
if(_errs50){
vErrors.length = _errs50;
}
else {
vErrors = null;
}
}
}
var _valid3 = _errs47 === errors;
if(_valid3){
valid23 = true;
passing1 = 0;
}
const _errs53 = errors;
if(Array.isArray(data13)){
if(data13.length < 1){
const err33 = {instancePath:instancePath+"/errorCode",schemaPath:"#/properties/errorCode/oneOf/1/minItems",keyword:"minItems",params:{limit: 1},message:"must NOT have fewer than 1 items",schema:1,parentSchema:schema119.properties.errorCode.oneOf[1],data:data13};
if(vErrors === null){
vErrors = [err33];
}
else {
vErrors.push(err33);
}
errors++;
}
const len6 = data13.length;
for(let i6=0; i6<len6; i6++){
let data14 = data13[i6];
if((typeof data14 !== "string") && (data14 !== null)){
const err34 = {instancePath:instancePath+"/errorCode/" + i6,schemaPath:"#/$defs/errorCode/type",keyword:"type",params:{type: schema127.type},message:"must be string,null",schema:schema127.type,parentSchema:schema127,data:data14};
if(vErrors === null){
vErrors = [err34];
}
else {
vErrors.push(err34);
}
errors++;
}
const _errs58 = errors;
let valid29 = false;
const _errs59 = errors;
if(!((data14 === "TARGETING_KEY_MISSING") || (data14 === null))){
const err35 = {instancePath:instancePath+"/errorCode/" + i6,schemaPath:"#/$defs/errorCode/anyOf/0/enum",keyword:"enum",params:{allowedValues: schema127.anyOf[0].enum},message:"must be equal to one of the allowed values",schema:schema127.anyOf[0].enum,parentSchema:schema127.anyOf[0],data:data14};
if(vErrors === null){
vErrors = [err35];
}
else {
vErrors.push(err35);
}
errors++;
}
var _valid5 = _errs59 === errors;
valid29 = valid29 || _valid5;
const _errs60 = errors;
if(typeof data14 === "string"){
if(!pattern45.test(data14)){
const err36 = {instancePath:instancePath+"/errorCode/" + i6,schemaPath:"#/$defs/errorCode/anyOf/1/pattern",keyword:"pattern",params:{pattern: "^\\$\\{[^}]*\\}$"},message:"must match pattern \""+"^\\$\\{[^}]*\\}$"+"\"",schema:"^\\$\\{[^}]*\\}$",parentSchema:schema127.anyOf[1],data:data14};
if(vErrors === null){
vErrors = [err36];
}
else {
vErrors.push(err36);
}
errors++;
}
}
var _valid5 = _errs60 === errors;
valid29 = valid29 || _valid5;
if(!valid29){
const err37 = {instancePath:instancePath+"/errorCode/" + i6,schemaPath:"#/$defs/errorCode/anyOf",keyword:"anyOf",params:{},message:"must match a schema in anyOf",schema:schema127.anyOf,parentSchema:schema127,data:data14};
if(vErrors === null){
vErrors = [err37];
}
else {
vErrors.push(err37);
}
errors++;
}
else {
errors = _errs58;
if(vErrors !== null){
if(_errs58){
vErrors.length = _errs58;
}
else {
vErrors = null;
}
}
}
}
}
else {
const err38 = {instancePath:instancePath+"/errorCode",schemaPath:"#/properties/errorCode/oneOf/1/type",keyword:"type",params:{type: "array"},message:"must be array",schema:schema119.properties.errorCode.oneOf[1].type,parentSchema:schema119.properties.errorCode.oneOf[1],data:data13};
if(vErrors === null){
vErrors = [err38];
}
else {
vErrors.push(err38);
}
errors++;
}
var _valid3 = _errs53 === errors;
if(_valid3 && valid23){
valid23 = false;
passing1 = [passing1, 1];
}
else {
if(_valid3){
valid23 = true;
passing1 = 1;
}
}
if(!valid23){
const err39 = {instancePath:instancePath+"/errorCode",schemaPath:"#/properties/errorCode/oneOf",keyword:"oneOf",params:{passingSchemas: passing1},message:"must match exactly one schema in oneOf",schema:schema119.properties.errorCode.oneOf,parentSchema:schema119.properties.errorCode,data:data13};
if(vErrors === null){
vErrors = [err39];
}
else {
vErrors.push(err39);
}
errors++;
}
else {
errors = _errs46;
if(vErrors !== null){
if(_errs46){
vErrors.length = _errs46;
}
else {
vErrors = null;
}
}
}
}
}
else {
const err40 = {instancePath,schemaPath:"#/type",keyword:"type",params:{type: "object"},message:"must be object",schema:schema119.type,parentSchema:schema119,data};
if(vErrors === null){
vErrors = [err40];
}
else {
vErrors.push(err40);
}
errors++;
}
validate70.errors = vErrors;
return errors === 0;
}
validate70.evaluated = {"props":true,"dynamicProps":false,"dynamicItems":false};


function validate69(data, {instancePath="", parentData, parentDataProperty, rootData=data, dynamicAnchors={}}={}){
let vErrors = null;
let errors = 0;
const evaluated0 = validate69.evaluated;
if(evaluated0.dynamicProps){
evaluated0.props = undefined;
}
if(evaluated0.dynamicItems){
evaluated0.items = undefined;
}
if(data && typeof data == "object" && !Array.isArray(data)){
if(data.name === undefined){
const err0 = {instancePath,schemaPath:"#/required",keyword:"required",params:{missingProperty: "name"},message:"must have required property '"+"name"+"'",schema:schema116.required,parentSchema:schema116,data};
if(vErrors === null){
vErrors = [err0];
}
else {
vErrors.push(err0);
}
errors++;
}
for(const key0 in data){
if(!(((((((key0 === "name") || (key0 === "matrix")) || (key0 === "at")) || (key0 === "context")) || (key0 === "experiments")) || (key0 === "buckets")) || (key0 === "expect"))){
const err1 = {instancePath,schemaPath:"#/additionalProperties",keyword:"additionalProperties",params:{additionalProperty: key0},message:"must NOT have additional properties",schema:false,parentSchema:schema116,data};
if(vErrors === null){
vErrors = [err1];
}
else {
vErrors.push(err1);
}
errors++;
}
}
if(data.name !== undefined){
let data0 = data.name;
if(typeof data0 === "string"){
if(func1(data0) > 200){
const err2 = {instancePath:instancePath+"/name",schemaPath:"#/properties/name/maxLength",keyword:"maxLength",params:{limit: 200},message:"must NOT have more than 200 characters",schema:200,parentSchema:schema116.properties.name,data:data0};
if(vErrors === null){
vErrors = [err2];
}
else {
vErrors.push(err2);
}
errors++;
}
if(func1(data0) < 1){
const err3 = {instancePath:instancePath+"/name",schemaPath:"#/properties/name/minLength",keyword:"minLength",params:{limit: 1},message:"must NOT have fewer than 1 characters",schema:1,parentSchema:schema116.properties.name,data:data0};
if(vErrors === null){
vErrors = [err3];
}
else {
vErrors.push(err3);
}
errors++;
}
}
else {
const err4 = {instancePath:instancePath+"/name",schemaPath:"#/properties/name/type",keyword:"type",params:{type: "string"},message:"must be string",schema:schema116.properties.name.type,parentSchema:schema116.properties.name,data:data0};
if(vErrors === null){
vErrors = [err4];
}
else {
vErrors.push(err4);
}
errors++;
}
}
if(data.matrix !== undefined){
let data1 = data.matrix;
if(data1 && typeof data1 == "object" && !Array.isArray(data1)){
if(Object.keys(data1).length < 1){
const err5 = {instancePath:instancePath+"/matrix",schemaPath:"#/properties/matrix/minProperties",keyword:"minProperties",params:{limit: 1},message:"must NOT have fewer than 1 properties",schema:1,parentSchema:schema116.properties.matrix,data:data1};
if(vErrors === null){
vErrors = [err5];
}
else {
vErrors.push(err5);
}
errors++;
}
for(const key1 in data1){
const _errs6 = errors;
if(typeof key1 === "string"){
if(!pattern44.test(key1)){
const err6 = {instancePath:instancePath+"/matrix",schemaPath:"#/properties/matrix/propertyNames/pattern",keyword:"pattern",params:{pattern: "^[A-Za-z][A-Za-z0-9_-]{0,99}$"},message:"must match pattern \""+"^[A-Za-z][A-Za-z0-9_-]{0,99}$"+"\"",schema:"^[A-Za-z][A-Za-z0-9_-]{0,99}$",parentSchema:schema116.properties.matrix.propertyNames,data:key1,propertyName:key1};
if(vErrors === null){
vErrors = [err6];
}
else {
vErrors.push(err6);
}
errors++;
}
}
else {
const err7 = {instancePath:instancePath+"/matrix",schemaPath:"#/properties/matrix/propertyNames/type",keyword:"type",params:{type: "string"},message:"must be string",schema:schema116.properties.matrix.propertyNames.type,parentSchema:schema116.properties.matrix.propertyNames,data:key1,propertyName:key1};
if(vErrors === null){
vErrors = [err7];
}
else {
vErrors.push(err7);
}
errors++;
}
var valid1 = _errs6 === errors;
if(!valid1){
const err8 = {instancePath:instancePath+"/matrix",schemaPath:"#/properties/matrix/propertyNames",keyword:"propertyNames",params:{propertyName: key1},message:"property name must be valid",schema:schema116.properties.matrix.propertyNames,parentSchema:schema116.properties.matrix,data:data1};
if(vErrors === null){
vErrors = [err8];
}
else {
vErrors.push(err8);
}
errors++;
}
}
for(const key2 in data1){
let data2 = data1[key2];
if(Array.isArray(data2)){
if(data2.length < 1){
const err9 = {instancePath:instancePath+"/matrix/" + key2.replace(/~/g, "~0").replace(/\//g, "~1"),schemaPath:"#/properties/matrix/additionalProperties/minItems",keyword:"minItems",params:{limit: 1},message:"must NOT have fewer than 1 items",schema:1,parentSchema:schema116.properties.matrix.additionalProperties,data:data2};
if(vErrors === null){
vErrors = [err9];
}
else {
vErrors.push(err9);
}
errors++;
}
}
else {
const err10 = {instancePath:instancePath+"/matrix/" + key2.replace(/~/g, "~0").replace(/\//g, "~1"),schemaPath:"#/properties/matrix/additionalProperties/type",keyword:"type",params:{type: "array"},message:"must be array",schema:schema116.properties.matrix.additionalProperties.type,parentSchema:schema116.properties.matrix.additionalProperties,data:data2};
if(vErrors === null){
vErrors = [err10];
}
else {
vErrors.push(err10);
}
errors++;
}
}
}
else {
const err11 = {instancePath:instancePath+"/matrix",schemaPath:"#/properties/matrix/type",keyword:"type",params:{type: "object"},message:"must be object",schema:schema116.properties.matrix.type,parentSchema:schema116.properties.matrix,data:data1};
if(vErrors === null){
vErrors = [err11];
}
else {
vErrors.push(err11);
}
errors++;
}
}
if(data.at !== undefined){
let data3 = data.at;
if(typeof data3 !== "string"){
const err12 = {instancePath:instancePath+"/at",schemaPath:"#/$defs/clock/type",keyword:"type",params:{type: "string"},message:"must be string",schema:schema115.type,parentSchema:schema115,data:data3};
if(vErrors === null){
vErrors = [err12];
}
else {
vErrors.push(err12);
}
errors++;
}
}
if(data.context !== undefined){
let data4 = data.context;
if(!(data4 && typeof data4 == "object" && !Array.isArray(data4))){
const err13 = {instancePath:instancePath+"/context",schemaPath:"#/properties/context/type",keyword:"type",params:{type: "object"},message:"must be object",schema:schema116.properties.context.type,parentSchema:schema116.properties.context,data:data4};
if(vErrors === null){
vErrors = [err13];
}
else {
vErrors.push(err13);
}
errors++;
}
}
if(data.experiments !== undefined){
let data5 = data.experiments;
if(data5 && typeof data5 == "object" && !Array.isArray(data5)){
for(const key3 in data5){
let data6 = data5[key3];
if(typeof data6 !== "string"){
const err14 = {instancePath:instancePath+"/experiments/" + key3.replace(/~/g, "~0").replace(/\//g, "~1"),schemaPath:"#/properties/experiments/additionalProperties/type",keyword:"type",params:{type: "string"},message:"must be string",schema:schema116.properties.experiments.additionalProperties.type,parentSchema:schema116.properties.experiments.additionalProperties,data:data6};
if(vErrors === null){
vErrors = [err14];
}
else {
vErrors.push(err14);
}
errors++;
}
}
}
else {
const err15 = {instancePath:instancePath+"/experiments",schemaPath:"#/properties/experiments/type",keyword:"type",params:{type: "object"},message:"must be object",schema:schema116.properties.experiments.type,parentSchema:schema116.properties.experiments,data:data5};
if(vErrors === null){
vErrors = [err15];
}
else {
vErrors.push(err15);
}
errors++;
}
}
if(data.buckets !== undefined){
let data7 = data.buckets;
if(data7 && typeof data7 == "object" && !Array.isArray(data7)){
if(Object.keys(data7).length < 1){
const err16 = {instancePath:instancePath+"/buckets",schemaPath:"#/properties/buckets/minProperties",keyword:"minProperties",params:{limit: 1},message:"must NOT have fewer than 1 properties",schema:1,parentSchema:schema116.properties.buckets,data:data7};
if(vErrors === null){
vErrors = [err16];
}
else {
vErrors.push(err16);
}
errors++;
}
for(const key4 in data7){
let data8 = data7[key4];
if(((typeof data8 !== "string") && (data8 !== null)) && (!(Array.isArray(data8)))){
const err17 = {instancePath:instancePath+"/buckets/" + key4.replace(/~/g, "~0").replace(/\//g, "~1"),schemaPath:"#/$defs/names/type",keyword:"type",params:{type: schema118.type},message:"must be string,null,array",schema:schema118.type,parentSchema:schema118,data:data8};
if(vErrors === null){
vErrors = [err17];
}
else {
vErrors.push(err17);
}
errors++;
}
if(Array.isArray(data8)){
if(data8.length < 1){
const err18 = {instancePath:instancePath+"/buckets/" + key4.replace(/~/g, "~0").replace(/\//g, "~1"),schemaPath:"#/$defs/names/minItems",keyword:"minItems",params:{limit: 1},message:"must NOT have fewer than 1 items",schema:1,parentSchema:schema118,data:data8};
if(vErrors === null){
vErrors = [err18];
}
else {
vErrors.push(err18);
}
errors++;
}
const len0 = data8.length;
for(let i0=0; i0<len0; i0++){
let data9 = data8[i0];
if((typeof data9 !== "string") && (data9 !== null)){
const err19 = {instancePath:instancePath+"/buckets/" + key4.replace(/~/g, "~0").replace(/\//g, "~1")+"/" + i0,schemaPath:"#/$defs/names/items/type",keyword:"type",params:{type: schema118.items.type},message:"must be string,null",schema:schema118.items.type,parentSchema:schema118.items,data:data9};
if(vErrors === null){
vErrors = [err19];
}
else {
vErrors.push(err19);
}
errors++;
}
}
}
}
}
else {
const err20 = {instancePath:instancePath+"/buckets",schemaPath:"#/properties/buckets/type",keyword:"type",params:{type: "object"},message:"must be object",schema:schema116.properties.buckets.type,parentSchema:schema116.properties.buckets,data:data7};
if(vErrors === null){
vErrors = [err20];
}
else {
vErrors.push(err20);
}
errors++;
}
}
if(data.expect !== undefined){
if(!(validate70(data.expect, {instancePath:instancePath+"/expect",parentData:data,parentDataProperty:"expect",rootData,dynamicAnchors}))){
if (vErrors === null) vErrors = validate70.errors; else for (const error of validate70.errors) vErrors.push(error);
errors = vErrors.length;
}
}
}
else {
const err21 = {instancePath,schemaPath:"#/type",keyword:"type",params:{type: "object"},message:"must be object",schema:schema116.type,parentSchema:schema116,data};
if(vErrors === null){
vErrors = [err21];
}
else {
vErrors.push(err21);
}
errors++;
}
validate69.errors = vErrors;
return errors === 0;
}
validate69.evaluated = {"props":true,"dynamicProps":false,"dynamicItems":false};


function validate68(data, {instancePath="", parentData, parentDataProperty, rootData=data, dynamicAnchors={}}={}){
/*# sourceURL="test.schema.json" */;
let vErrors = null;
let errors = 0;
const evaluated0 = validate68.evaluated;
if(evaluated0.dynamicProps){
evaluated0.props = undefined;
}
if(evaluated0.dynamicItems){
evaluated0.items = undefined;
}
const _errs1 = errors;
let valid0 = false;
let passing0 = null;
const _errs2 = errors;
if(data && typeof data == "object" && !Array.isArray(data)){
if(data.environment === undefined){
const err0 = {instancePath,schemaPath:"#/oneOf/0/required",keyword:"required",params:{missingProperty: "environment"},message:"must have required property '"+"environment"+"'",schema:schema111.oneOf[0].required,parentSchema:schema111.oneOf[0],data};
if(vErrors === null){
vErrors = [err0];
}
else {
vErrors.push(err0);
}
errors++;
}
}
var _valid0 = _errs2 === errors;
if(_valid0){
valid0 = true;
passing0 = 0;
}
const _errs3 = errors;
if(data && typeof data == "object" && !Array.isArray(data)){
if(data.environments === undefined){
const err1 = {instancePath,schemaPath:"#/oneOf/1/required",keyword:"required",params:{missingProperty: "environments"},message:"must have required property '"+"environments"+"'",schema:schema111.oneOf[1].required,parentSchema:schema111.oneOf[1],data};
if(vErrors === null){
vErrors = [err1];
}
else {
vErrors.push(err1);
}
errors++;
}
}
var _valid0 = _errs3 === errors;
if(_valid0 && valid0){
valid0 = false;
passing0 = [passing0, 1];
}
else {
if(_valid0){
valid0 = true;
passing0 = 1;
}
}
if(!valid0){
const err2 = {instancePath,schemaPath:"#/oneOf",keyword:"oneOf",params:{passingSchemas: passing0},message:"must match exactly one schema in oneOf",schema:schema111.oneOf,parentSchema:schema111,data};
if(vErrors === null){
vErrors = [err2];
}
else {
vErrors.push(err2);
}
errors++;
}
else {
errors = _errs1;
if(vErrors !== null){
if(_errs1){
vErrors.length = _errs1;
}
else {
vErrors = null;
}
}
}
if(data && typeof data == "object" && !Array.isArray(data)){
if(data.test === undefined){
const err3 = {instancePath,schemaPath:"#/required",keyword:"required",params:{missingProperty: "test"},message:"must have required property '"+"test"+"'",schema:schema111.required,parentSchema:schema111,data};
if(vErrors === null){
vErrors = [err3];
}
else {
vErrors.push(err3);
}
errors++;
}
if(data.cases === undefined){
const err4 = {instancePath,schemaPath:"#/required",keyword:"required",params:{missingProperty: "cases"},message:"must have required property '"+"cases"+"'",schema:schema111.required,parentSchema:schema111,data};
if(vErrors === null){
vErrors = [err4];
}
else {
vErrors.push(err4);
}
errors++;
}
for(const key0 in data){
if(!(((((key0 === "test") || (key0 === "environment")) || (key0 === "environments")) || (key0 === "at")) || (key0 === "cases"))){
const err5 = {instancePath,schemaPath:"#/additionalProperties",keyword:"additionalProperties",params:{additionalProperty: key0},message:"must NOT have additional properties",schema:false,parentSchema:schema111,data};
if(vErrors === null){
vErrors = [err5];
}
else {
vErrors.push(err5);
}
errors++;
}
}
if(data.test !== undefined){
let data0 = data.test;
if(typeof data0 === "string"){
if(!pattern5.test(data0)){
const err6 = {instancePath:instancePath+"/test",schemaPath:"common.schema.json#/$defs/key/pattern",keyword:"pattern",params:{pattern: "^[a-z0-9][a-z0-9._-]{0,99}$"},message:"must match pattern \""+"^[a-z0-9][a-z0-9._-]{0,99}$"+"\"",schema:"^[a-z0-9][a-z0-9._-]{0,99}$",parentSchema:schema33,data:data0};
if(vErrors === null){
vErrors = [err6];
}
else {
vErrors.push(err6);
}
errors++;
}
}
else {
const err7 = {instancePath:instancePath+"/test",schemaPath:"common.schema.json#/$defs/key/type",keyword:"type",params:{type: "string"},message:"must be string",schema:schema33.type,parentSchema:schema33,data:data0};
if(vErrors === null){
vErrors = [err7];
}
else {
vErrors.push(err7);
}
errors++;
}
}
if(data.environment !== undefined){
let data1 = data.environment;
if(typeof data1 === "string"){
if(!pattern5.test(data1)){
const err8 = {instancePath:instancePath+"/environment",schemaPath:"common.schema.json#/$defs/key/pattern",keyword:"pattern",params:{pattern: "^[a-z0-9][a-z0-9._-]{0,99}$"},message:"must match pattern \""+"^[a-z0-9][a-z0-9._-]{0,99}$"+"\"",schema:"^[a-z0-9][a-z0-9._-]{0,99}$",parentSchema:schema33,data:data1};
if(vErrors === null){
vErrors = [err8];
}
else {
vErrors.push(err8);
}
errors++;
}
}
else {
const err9 = {instancePath:instancePath+"/environment",schemaPath:"common.schema.json#/$defs/key/type",keyword:"type",params:{type: "string"},message:"must be string",schema:schema33.type,parentSchema:schema33,data:data1};
if(vErrors === null){
vErrors = [err9];
}
else {
vErrors.push(err9);
}
errors++;
}
}
if(data.environments !== undefined){
let data2 = data.environments;
if(Array.isArray(data2)){
if(data2.length < 1){
const err10 = {instancePath:instancePath+"/environments",schemaPath:"#/properties/environments/minItems",keyword:"minItems",params:{limit: 1},message:"must NOT have fewer than 1 items",schema:1,parentSchema:schema111.properties.environments,data:data2};
if(vErrors === null){
vErrors = [err10];
}
else {
vErrors.push(err10);
}
errors++;
}
const len0 = data2.length;
for(let i0=0; i0<len0; i0++){
let data3 = data2[i0];
if(typeof data3 !== "string"){
const err11 = {instancePath:instancePath+"/environments/" + i0,schemaPath:"#/properties/environments/items/type",keyword:"type",params:{type: "string"},message:"must be string",schema:schema111.properties.environments.items.type,parentSchema:schema111.properties.environments.items,data:data3};
if(vErrors === null){
vErrors = [err11];
}
else {
vErrors.push(err11);
}
errors++;
}
if(typeof data3 === "string"){
if(!pattern5.test(data3)){
const err12 = {instancePath:instancePath+"/environments/" + i0,schemaPath:"common.schema.json#/$defs/key/pattern",keyword:"pattern",params:{pattern: "^[a-z0-9][a-z0-9._-]{0,99}$"},message:"must match pattern \""+"^[a-z0-9][a-z0-9._-]{0,99}$"+"\"",schema:"^[a-z0-9][a-z0-9._-]{0,99}$",parentSchema:schema33,data:data3};
if(vErrors === null){
vErrors = [err12];
}
else {
vErrors.push(err12);
}
errors++;
}
}
else {
const err13 = {instancePath:instancePath+"/environments/" + i0,schemaPath:"common.schema.json#/$defs/key/type",keyword:"type",params:{type: "string"},message:"must be string",schema:schema33.type,parentSchema:schema33,data:data3};
if(vErrors === null){
vErrors = [err13];
}
else {
vErrors.push(err13);
}
errors++;
}
}
let i1 = data2.length;
let j0;
if(i1 > 1){
const indices0 = {};
for(;i1--;){
let item0 = data2[i1];
if(typeof item0 !== "string"){
continue;
}
if(typeof indices0[item0] == "number"){
j0 = indices0[item0];
const err14 = {instancePath:instancePath+"/environments",schemaPath:"#/properties/environments/uniqueItems",keyword:"uniqueItems",params:{i: i1, j: j0},message:"must NOT have duplicate items (items ## "+j0+" and "+i1+" are identical)",schema:true,parentSchema:schema111.properties.environments,data:data2};
if(vErrors === null){
vErrors = [err14];
}
else {
vErrors.push(err14);
}
errors++;
break;
}
indices0[item0] = i1;
}
}
}
else {
const err15 = {instancePath:instancePath+"/environments",schemaPath:"#/properties/environments/type",keyword:"type",params:{type: "array"},message:"must be array",schema:schema111.properties.environments.type,parentSchema:schema111.properties.environments,data:data2};
if(vErrors === null){
vErrors = [err15];
}
else {
vErrors.push(err15);
}
errors++;
}
}
if(data.at !== undefined){
let data4 = data.at;
if(typeof data4 !== "string"){
const err16 = {instancePath:instancePath+"/at",schemaPath:"#/$defs/clock/type",keyword:"type",params:{type: "string"},message:"must be string",schema:schema115.type,parentSchema:schema115,data:data4};
if(vErrors === null){
vErrors = [err16];
}
else {
vErrors.push(err16);
}
errors++;
}
}
if(data.cases !== undefined){
let data5 = data.cases;
if(Array.isArray(data5)){
if(data5.length < 1){
const err17 = {instancePath:instancePath+"/cases",schemaPath:"#/properties/cases/minItems",keyword:"minItems",params:{limit: 1},message:"must NOT have fewer than 1 items",schema:1,parentSchema:schema111.properties.cases,data:data5};
if(vErrors === null){
vErrors = [err17];
}
else {
vErrors.push(err17);
}
errors++;
}
const len1 = data5.length;
for(let i2=0; i2<len1; i2++){
if(!(validate69(data5[i2], {instancePath:instancePath+"/cases/" + i2,parentData:data5,parentDataProperty:i2,rootData,dynamicAnchors}))){
if (vErrors === null) vErrors = validate69.errors; else for (const error of validate69.errors) vErrors.push(error);
errors = vErrors.length;
}
}
}
else {
const err18 = {instancePath:instancePath+"/cases",schemaPath:"#/properties/cases/type",keyword:"type",params:{type: "array"},message:"must be array",schema:schema111.properties.cases.type,parentSchema:schema111.properties.cases,data:data5};
if(vErrors === null){
vErrors = [err18];
}
else {
vErrors.push(err18);
}
errors++;
}
}
}
else {
const err19 = {instancePath,schemaPath:"#/type",keyword:"type",params:{type: "object"},message:"must be object",schema:schema111.type,parentSchema:schema111,data};
if(vErrors === null){
vErrors = [err19];
}
else {
vErrors.push(err19);
}
errors++;
}
validate68.errors = vErrors;
return errors === 0;
}
validate68.evaluated = {"props":true,"dynamicProps":false,"dynamicItems":false};
