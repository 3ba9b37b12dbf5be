// The syntax of policies. Every rule can be parsed on its own, which is how broken files are read.
//
grammar Writ;

// ───────────────────────── files ─────────────────────────
file         : header item* EOF ;
header       : POLICY STRING LANGUAGE NUMBER ;
item         : useDecl | secretDecl | providerDecl | modelDecl | poolDecl | routeDecl | teamDecl
             | identityDecl | ruleDecl | calendarDecl | signalDecl | cacheDecl | guardDecl | budgetDecl
             | limitDecl | serverDecl | toolsDecl | testDecl | alwaysDecl ;

useDecl      : USE STRING ( AS name )? ;
secretDecl   : SECRET name ( FROM origin | ASSIGN STRING ) ;
origin       : ENV STRING? | FILE STRING | VAULT STRING ;

// ───────────────── where models live, what they cost ─────────────────
providerDecl : providerHead LBRACE providerProp* RBRACE ;
providerHead : PROVIDER name ;
providerProp : KIND name
             | URL STRING
             | REGION name
             | KEY name
             | API_VERSION STRING
             | TIMEOUT timeoutPart ( COMMA timeoutPart )*
             | LATENCY DURATION
             | PACE rate
             | FAIL PERCENT WITH NUMBER
             | BREAK PERCENT AFTER quantity
             | REPLY STRING
             | LIMIT allowance
             ;
timeoutPart  : name? DURATION ;
rate         : quantity PER name ;

modelDecl    : modelHead LBRACE modelProp* RBRACE ;
modelHead    : MODEL name ON qname STRING ;
modelProp    : CONTEXT quantity
             | PRICE MONEY IN COMMA MONEY OUT PER quantity
             | CAN name ( COMMA name )*
             ;

poolDecl     : poolHead LBRACE poolProp* RBRACE ;
poolHead     : POOL name ;
poolProp     : ( PERCENT | NUMBER ) target
             | FIRST target
             | CHOOSE name OF target ( COMMA target )*
             | THEN target ( ON name ( COMMA name )* )?
             | RETRY NUMBER ( WITHIN DURATION )?
             | COMMIT AFTER NUMBER ( TOKEN | TOKENS )
             | HEDGE AFTER DURATION ( UP TO PERCENT )?
             | CANARY PERCENT TO target ( BY ( name | TEAM ) )? canaryStop?
             | MIRROR PERCENT TO target
             ;
canaryStop   : STOP AT PERCENT FAILURES ( IN NUMBER REQUESTS )? ;

// ───────────────── request → route: the first arm that is true ─────────────────
routeDecl    : routeHead LBRACE arm* RBRACE ;
routeHead    : ROUTE name ( AS STRING ( COMMA STRING )* )? ;
arm          : name ( WHEN expr | OTHERWISE ) ARROW ( target | denial ) ;
target       : ( POOL | ROUTE )? qname ;
denial       : DENY NUMBER? STRING? ;

// ───────────────── who ─────────────────
teamDecl     : teamHead LBRACE teamProp* RBRACE ;
teamHead     : TEAM name ;
teamProp     : USER name ( COMMA name )*
             | KEY name ( SHA256 STRING | ASSIGN? STRING ) ( FOR name )?
             | MAY USE qname ( COMMA qname )* ( WHEN expr )?
             | STAY IN name ( COMMA name )*
             | BUDGET ( name? spending LBRACE budgetProp* RBRACE | qname )
             | LIMIT ( name? allowance | qname )
             | CACHE qname
             | GUARD qname ( COMMA qname )*
             ;

identityDecl : identityHead LBRACE identityProp* RBRACE ;
identityHead : IDENTITY name ;
identityProp : ISSUER STRING
             | AUDIENCE STRING ( COMMA STRING )*
             | JWKS STRING
             | TEAM qname
               ( WHEN claim ( IS STRING | IN LBRACKET STRING ( COMMA STRING )* RBRACKET )
               | OTHERWISE
               )
             | USER FROM claim
             | TAG FROM claim
             | LEEWAY DURATION
             ;
claim        : CLAIM STRING ( DOT STRING )* ;

calendarDecl : calendarHead LBRACE calendarProp* RBRACE ;
calendarHead : CALENDAR name ;
calendarProp : ZONE STRING
             | OPEN days ( COMMA days )* ( FROM STRING TO STRING )?
             | CLOSED dates ( COMMA dates )*
             ;
days         : name ( RANGE name )? ;
dates        : STRING ( TO STRING )? ;

// ───────────────── rules ─────────────────
ruleDecl     : ruleHead whenPart? ( effect | LBRACE effect+ RBRACE ) ;
ruleHead     : RULE name ON ( name | ROUTE ) ;
whenPart     : WHEN expr ;
effect       : denial
             | REQUIRE expr ELSE denial
             | TAG STRING
             | SET path ASSIGN expr
             | CLAMP path TO ( range | literal )
             | ( PREPEND | APPEND ) name STRING
             | AUDIT ( PERCENT | name )
             | GUARD qname
             ;

// ───────────────── examples with what must come of them ─────────────────
testDecl     : testHead LBRACE testLine* RBRACE ;
testHead     : TEST STRING ( FOR facts )? ;
testLine     : GIVEN facts
             | EXPECT outcomes
             | CASE facts FAT_ARROW outcomes
             | STEP facts FAT_ARROW outcomes
             ;
facts        : fact ( COMMA fact )* ;
fact         : ( TEAM | KEY | ROUTE | IDENTITY ) qname
             | USER ( name | STRING )
             | PROMPT ( STRING | quantity )
             | TOOLS list
             | STREAM
             | CANARY
             | MIRROR
             | AT STRING
             | AFTER DURATION
             | NUMBER TIMES
             | REQUEST_ID STRING
             | PROVIDER qname behaviour
             | path call? ( ASSIGN ( literal | path ) | PRESENT | ABSENT )
             | factNotYet
             ;
behaviour    : UP | DOWN | SLOW DURATION | ANSWERS NUMBER | BREAKS AFTER quantity ;
outcomes     : outcome ( COMMA outcome )* ;
outcome      : NOT outcome
             | ALLOW
             | denial
             | ( ARM | ROUTE | MODEL | PROVIDER | RULE | CANARY | MIRROR ) qname
             | REGION name
             | TAG STRING
             | SET path ASSIGN literal
             | ATTEMPTS NUMBER
             | STATUS NUMBER
             | BROKEN
             | outcomeNotYet
             ;
factNotYet   : SPENT MONEY
             | USED quantity
             | SIGNAL qname ( ASSIGN ( literal | path ) | UNKNOWN )
             | TOOL path
             | CACHE ( HIT | MISS )
             | guardDoes
             ;
outcomeNotYet : APPROVE | CACHE ( HIT | MISS | SKIPPED ) | COST AT_MOST MONEY | guardDoes ;
guardDoes    : GUARD qname ( MASKS finding ( COMMA finding )* | PASSES | DENIES ) ;
finding      : IDENT | QUOTED ;

// ───────────────── what may be spent and used ─────────────────
budgetDecl   : budgetHead LBRACE budgetProp* RBRACE ;
budgetHead   : BUDGET name spending ;
spending     : MONEY PER ( name | DURATION ) ( FOR scope )? ;
budgetProp   : AT PERCENT ( WARN | DENY NUMBER? say? | USE target )
             | RAISE BY MONEY ( FROM STRING )? UNTIL STRING
             | ZONE STRING
             | STARTS ON ( name | NUMBER )
             | WAS STRING
             ;
limitDecl    : LIMIT name allowance ;
allowance    : NUMBER ( INPUT | OUTPUT )? unit? ( PER ( name | DURATION ) | AT ONCE ) ( PER scope )?
               ( BURST NUMBER )? ;
scope        : ( MODEL | PROVIDER ) qname | TAG STRING | word ;

// ───────────────── signals, caches, guards ─────────────────
signalDecl   : signalHead LBRACE signalProp* RBRACE ;
signalHead   : SIGNAL name COLON word BY name STRING ;
signalProp   : TIMEOUT DURATION
             | FAILS name
             | LABELS LBRACKET STRING ( COMMA STRING )* RBRACKET
             ;
cacheDecl    : cacheHead LBRACE cacheProp* RBRACE ;
cacheHead    : CACHE name ;
cacheProp    : SCOPE word
             | EXACT FOR DURATION
             | SEMANTIC name FOR DURATION ( COMMA WRONG AT MOST PERCENT OF HITS )?
             | SKIP_ WHEN expr
             | JUDGE BY MODEL qname ( BUDGET MONEY PER name )?
             ;
guardDecl    : guardHead LBRACE guardProp* RBRACE ;
guardHead    : GUARD name ;
guardProp    : DETECT name ( COMMA name )*
             | COUNTRIES name ( COMMA name )*
             | INPUT guardAct
             | OUTPUT streamMode? guardAct
             | FAILS name
             ;
streamMode   : WINDOW quantity | INLINE | BUFFER | AUDIT | FINAL ;
guardAct     : MASK ( THEN RESTORE )? whenPart?
             | DENY NUMBER? whenPart? say?
             | TAG STRING whenPart?
             ;
say          : SAY STRING ;

// ───────────────── tools: deny, then approve, then allow, then otherwise ─────────────────
serverDecl   : serverHead LBRACE serverProp* RBRACE ;
serverHead   : SERVER name ;
serverProp   : URL STRING | KEY name | REGION name | SCHEMA STRING | TIMEOUT DURATION ;
toolsDecl    : toolsHead LBRACE toolRule* RBRACE ;
toolsHead    : TOOLS FOR qname ;
toolRule     : name OTHERWISE toolVerb say?
             | name toolVerb toolRef ( COMMA toolRef )* whenPart? toolExtra* ;
toolVerb     : ALLOW | DENY | APPROVE ;
toolRef      : STRING | path ;
toolExtra    : LIMIT allowance | BY STRING ( WITHIN DURATION )? | GUARD qname | say ;

// ───────────────── what must hold for every request ─────────────────
alwaysDecl   : ALWAYS STRING LBRACE ( IF expr )? THEN expr RBRACE ;

// ───────────────── conditions and values ─────────────────
expr         : conjunction ( OR conjunction )* ;
conjunction  : negation ( AND negation )* ;
negation     : NOT negation | comparison ;
comparison   : sum test? ;
test         : ( EQUAL | NOT_EQUAL | LESS | AT_MOST | GREATER | AT_LEAST ) sum
             | IS NOT? ( path | literal )
             | NOT? IN ( list | range | path )
             | PRESENT
             | ABSENT
             | STARTS WITH STRING
             | ENDS WITH STRING
             | CONTAINS ( ANY LBRACKET STRING ( COMMA STRING )* RBRACKET | STRING )
             | MATCHES STRING
             ;
sum          : term ( ( PLUS | MINUS ) term )* ;
term         : atom ( ( STAR | SLASH ) atom )* ;
atom         : primary ( ELSE literal )? ;
primary      : literal | path call? | list | LPAREN expr RPAREN ;
call         : LPAREN ( expr ( COMMA expr )* )? RPAREN ;
list         : LBRACKET ( expr ( COMMA expr )* )? RBRACKET ;
range        : literal RANGE literal ;
literal      : quantity | MONEY | PERCENT | DURATION | STRING | TRUE | FALSE ;
quantity     : NUMBER unit? ;
unit         : TOKENS | REQUESTS | CALLS | BYTES ;

// ───────────────── names ─────────────────
path         : root ( DOT word )* ;
root         : name | TEAM | PROVIDER | MODEL | ROUTE ;
qname        : name ( DOT name )* ;
word         : name | reserved ;
name         : IDENT | QUOTED | soft ;
// A word stands in `reserved` if it could be taken for a name where a name may end.
reserved     : AND | OR | NOT | IS | IN | ELSE | PRESENT | ABSENT | TRUE | FALSE | WHEN | OTHERWISE
             | DENY | THEN | ON | AS | FOR | FROM | SHA256
             | SECRET | PROVIDER | MODEL | POOL | ROUTE | TEAM | RULE ;
soft         : POLICY | LANGUAGE | USE | ENV | FILE | VAULT | KIND | URL | REGION | KEY | API_VERSION
             | TIMEOUT | LATENCY | PACE | FAIL | WITH | BREAK | AFTER | REPLY | LIMIT | CONTEXT | PRICE
             | COMMIT | TOKEN | HEDGE | MIRROR | CANARY | STOP | FAILURES
             | OUT | PER | CAN | FIRST | CHOOSE | OF | RETRY | WITHIN | USER | MAY | STAY | TAG | SET
             | REQUIRE | AUDIT | STARTS | ENDS | CONTAINS | ANY | MATCHES | TOKENS | REQUESTS | CALLS
             | BYTES | SIGNAL | BY | CACHE | GUARD | BUDGET | SERVER | TOOLS | TEST | ALWAYS | CLAMP | TO
             | PREPEND | APPEND | CALENDAR | ZONE | OPEN | CLOSED | IDENTITY | ISSUER | AUDIENCE
             | JWKS | CLAIM | LEEWAY | testWord | governWord ;
// The words that begin the facts and outcomes of tests.
testWord     : GIVEN | EXPECT | CASE | STEP | PROMPT | STREAM | AT | TIMES | REQUEST_ID | UP | DOWN
             | SLOW | ANSWERS | BREAKS | ALLOW | ARM | ATTEMPTS | STATUS | BROKEN | SPENT | USED
             | UNKNOWN | TOOL | HIT | MISS | SKIPPED | MASKS | PASSES | DENIES | APPROVE | COST ;

// The words of money, caches, guards and tools.
governWord    : WARN | RAISE | UNTIL | WAS | ONCE | BURST | INPUT | OUTPUT | FAILS | LABELS | SCOPE
             | EXACT | SEMANTIC | WRONG | MOST | HITS | SKIP_ | JUDGE | DETECT | COUNTRIES | WINDOW
             | INLINE | BUFFER | FINAL | MASK | RESTORE | SAY | SCHEMA | IF ;

// ───────────────────────── tokens ─────────────────────────
POLICY : 'policy' ;      LANGUAGE : 'language' ;  USE : 'use' ;            AS : 'as' ;
SECRET : 'secret' ;      FROM : 'from' ;          ENV : 'env' ;            FILE : 'file' ;
VAULT : 'vault' ;        PROVIDER : 'provider' ;  KIND : 'kind' ;          URL : 'url' ;
REGION : 'region' ;      KEY : 'key' ;            TIMEOUT : 'timeout' ;    LATENCY : 'latency' ;
API_VERSION : 'api-version' ;                     PACE : 'pace' ;          FAIL : 'fail' ;
WITH : 'with' ;          BREAK : 'break' ;        AFTER : 'after' ;        REPLY : 'reply' ;
LIMIT : 'limit' ;        MODEL : 'model' ;        ON : 'on' ;              CONTEXT : 'context' ;
PRICE : 'price' ;        IN : 'in' ;              OUT : 'out' ;            PER : 'per' ;
CAN : 'can' ;            POOL : 'pool' ;          FIRST : 'first' ;        CHOOSE : 'choose' ;
OF : 'of' ;              THEN : 'then' ;          RETRY : 'retry' ;        WITHIN : 'within' ;
COMMIT : 'commit' ;      TOKEN : 'token' ;        HEDGE : 'hedge' ;        MIRROR : 'mirror' ;
CANARY : 'canary' ;      STOP : 'stop' ;          FAILURES : 'failures' ;
ROUTE : 'route' ;        WHEN : 'when' ;          OTHERWISE : 'otherwise' ; DENY : 'deny' ;
TEAM : 'team' ;          USER : 'user' ;          SHA256 : 'sha256' ;      FOR : 'for' ;
MAY : 'may' ;            STAY : 'stay' ;          RULE : 'rule' ;          TAG : 'tag' ;
SET : 'set' ;            REQUIRE : 'require' ;    ELSE : 'else' ;          AUDIT : 'audit' ;
AND : 'and' ;            OR : 'or' ;              NOT : 'not' ;            IS : 'is' ;
PRESENT : 'present' ;    ABSENT : 'absent' ;      STARTS : 'starts' ;      ENDS : 'ends' ;
CONTAINS : 'contains' ;  ANY : 'any' ;            MATCHES : 'matches' ;    TRUE : 'true' ;
FALSE : 'false' ;        TOKENS : 'tokens' ;      REQUESTS : 'requests' ;  CALLS : 'calls' ;
BYTES : 'bytes' ;        SIGNAL : 'signal' ;      BY : 'by' ;              CACHE : 'cache' ;
GUARD : 'guard' ;        BUDGET : 'budget' ;      SERVER : 'server' ;      TOOLS : 'tools' ;
TEST : 'test' ;          ALWAYS : 'always' ;      CLAMP : 'clamp' ;        TO : 'to' ;
PREPEND : 'prepend' ;    APPEND : 'append' ;      CALENDAR : 'calendar' ;  ZONE : 'zone' ;
OPEN : 'open' ;          CLOSED : 'closed' ;      IDENTITY : 'identity' ;  ISSUER : 'issuer' ;
AUDIENCE : 'audience' ;  JWKS : 'jwks' ;          CLAIM : 'claim' ;        LEEWAY : 'leeway' ;
// … that begin the facts and outcomes of tests:
GIVEN : 'given' ;        EXPECT : 'expect' ;      CASE : 'case' ;          STEP : 'step' ;
PROMPT : 'prompt' ;      STREAM : 'stream' ;      AT : 'at' ;              TIMES : 'times' ;
REQUEST_ID : 'request-id' ; UP : 'up' ;              DOWN : 'down' ;          SLOW : 'slow' ;
ANSWERS : 'answers' ;    BREAKS : 'breaks' ;      ALLOW : 'allow' ;        ARM : 'arm' ;
ATTEMPTS : 'attempts' ;  STATUS : 'status' ;      BROKEN : 'broken' ;      SPENT : 'spent' ;
USED : 'used' ;          UNKNOWN : 'unknown' ;    TOOL : 'tool' ;          HIT : 'hit' ;
MISS : 'miss' ;          SKIPPED : 'skipped' ;    MASKS : 'masks' ;        PASSES : 'passes' ;
DENIES : 'denies' ;      APPROVE : 'approve' ;    COST : 'cost' ;
// … of money, caches, guards and tools:
WARN : 'warn' ;          RAISE : 'raise' ;        UNTIL : 'until' ;        WAS : 'was' ;
ONCE : 'once' ;          BURST : 'burst' ;        INPUT : 'input' ;        OUTPUT : 'output' ;
FAILS : 'fails' ;        LABELS : 'labels' ;      SCOPE : 'scope' ;        EXACT : 'exact' ;
SEMANTIC : 'semantic' ;  WRONG : 'wrong' ;        MOST : 'most' ;          HITS : 'hits' ;
SKIP_ : 'skip' ;         JUDGE : 'judge' ;        DETECT : 'detect' ;      COUNTRIES : 'countries' ;
WINDOW : 'window' ;      INLINE : 'inline' ;      BUFFER : 'buffer' ;      FINAL : 'final' ;
MASK : 'mask' ;          RESTORE : 'restore' ;    SAY : 'say' ;            SCHEMA : 'schema' ;
IF : 'if' ;

LBRACE : '{' ;   RBRACE : '}' ;   LBRACKET : '[' ;  RBRACKET : ']' ;  LPAREN : '(' ;   RPAREN : ')' ;
ARROW : '->' ;   FAT_ARROW : '=>' ; RANGE : '..' ;  DOT : '.' ;       COMMA : ',' ;    COLON : ':' ;
QUESTION : '?' ; ASSIGN : '=' ;   EQUAL : '==' ;    NOT_EQUAL : '!=' ; AT_MOST : '<=' ; LESS : '<' ;
AT_LEAST : '>=' ; GREATER : '>' ; PLUS : '+' ;      MINUS : '-' ;     STAR : '*' ;     SLASH : '/' ;
// Without meaning: read so that we can say what to write instead.
SEMICOLON : ';' ; AND_SIGN : '&' '&'? ; OR_SIGN : '|' '|'? ; NOT_SIGN : '!' ;

MONEY    : '$' DIGITS ( '.' DIGITS )? [kMB]? ;
PERCENT  : DIGITS ( '.' DIGITS )? '%' ;
DURATION : DIGITS ( '.' DIGITS )? ( 'ms' | 's' | 'min' | 'h' | 'd' ) ;
NUMBER   : DIGITS ( '.' DIGITS )? [kMG]? ;
BAD_NUMBER : '$'? DIGITS ( '.' DIGITS )? IDENT_PART+ ;
STRING   : '"' ( '\\' ~[\r\n] | ~["\\\r\n] )* '"' ;
OPEN_STRING : '"' ( '\\' ~[\r\n] | ~["\\\r\n] )* '\\'? ;
QUOTED   : '`' ~[`\r\n]+ '`' ;
OPEN_QUOTED : '`' ~[`\r\n]* '`'? ;
IDENT    : [\p{L}_] IDENT_PART* ( '-' IDENT_PART+ )* ;

COMMENT  : '//' ~[\r\n]* -> channel(HIDDEN) ;
BLOCK_COMMENT : '/*' .*? '*/' -> channel(HIDDEN) ;
OPEN_COMMENT  : '/*' ( ~'*' | '*'+ ~[*/] )* '*'* ;
SPACE    : [ \t\r\n\f\u00A0\uFEFF]+ -> channel(HIDDEN) ;
BAD      : . ;

fragment DIGITS : [0-9] [0-9_]* ;
// Invisible format characters are taken in, so that the checker can say in which name they hide.
fragment IDENT_PART : [\p{L}\p{M}\p{N}_\u200B-\u200F\u202A-\u202E\u2060-\u2069] ;
