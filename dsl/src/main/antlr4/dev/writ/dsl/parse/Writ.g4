// The syntax of policies. Every rule can be parsed on its own, which is how broken files are read.
//
// What this version does not carry out yet (`notYet`, `block`) is balanced structure only: enough to
// know where it ends.
grammar Writ;

// ───────────────────────── files ─────────────────────────
file         : header item* EOF ;
header       : POLICY STRING LANGUAGE NUMBER ;
item         : useDecl | secretDecl | providerDecl | modelDecl | poolDecl | routeDecl | teamDecl
             | ruleDecl | calendarDecl | testDecl | notYet ;

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
             | LIMIT limitRate
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
             | MIRROR PERCENT TO target
             ;

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
             | BUDGET ( budgetBody | qname )
             | LIMIT limitRate
             | CACHE qname
             | GUARD qname ( COMMA qname )*
             ;

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
fact         : ( TEAM | KEY | ROUTE ) qname
             | USER name
             | PROMPT ( STRING | quantity )
             | TOOLS list
             | STREAM
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
             | ( ARM | ROUTE | MODEL | PROVIDER | RULE ) qname
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

// ───────────────── not carried out yet ─────────────────
notYet       : SIGNAL name COLON word QUESTION? BY name STRING block
             | ( CACHE | GUARD | SERVER ) name block
             | BUDGET name budgetBody
             | LIMIT name? limitRate
             | TOOLS FOR qname block
             | ALWAYS STRING block
             ;
budgetBody   : MONEY PER ( name | DURATION ) ( FOR word )? block ;
limitRate    : quantity PER ( name | DURATION ) ( PER word )? ;
block        : LBRACE ( flat | block )* RBRACE ;
flat         : ~( LBRACE | RBRACE | OPEN_STRING | OPEN_QUOTED | OPEN_COMMENT | BAD_NUMBER | BAD ) ;

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
             | COMMIT | TOKEN | HEDGE | MIRROR
             | OUT | PER | CAN | FIRST | CHOOSE | OF | RETRY | WITHIN | USER | MAY | STAY | TAG | SET
             | REQUIRE | AUDIT | STARTS | ENDS | CONTAINS | ANY | MATCHES | TOKENS | REQUESTS | CALLS
             | BYTES | SIGNAL | BY | CACHE | GUARD | BUDGET | SERVER | TOOLS | TEST | ALWAYS | CLAMP | TO
             | PREPEND | APPEND | CALENDAR | ZONE | OPEN | CLOSED | testWord ;
// The words that begin the facts and outcomes of tests.
testWord     : GIVEN | EXPECT | CASE | STEP | PROMPT | STREAM | AT | TIMES | REQUEST_ID | UP | DOWN
             | SLOW | ANSWERS | BREAKS | ALLOW | ARM | ATTEMPTS | STATUS | BROKEN | SPENT | USED
             | UNKNOWN | TOOL | HIT | MISS | SKIPPED | MASKS | PASSES | DENIES | APPROVE | COST ;

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
OPEN : 'open' ;          CLOSED : 'closed' ;
// … that begin the facts and outcomes of tests:
GIVEN : 'given' ;        EXPECT : 'expect' ;      CASE : 'case' ;          STEP : 'step' ;
PROMPT : 'prompt' ;      STREAM : 'stream' ;      AT : 'at' ;              TIMES : 'times' ;
REQUEST_ID : 'request-id' ; UP : 'up' ;              DOWN : 'down' ;          SLOW : 'slow' ;
ANSWERS : 'answers' ;    BREAKS : 'breaks' ;      ALLOW : 'allow' ;        ARM : 'arm' ;
ATTEMPTS : 'attempts' ;  STATUS : 'status' ;      BROKEN : 'broken' ;      SPENT : 'spent' ;
USED : 'used' ;          UNKNOWN : 'unknown' ;    TOOL : 'tool' ;          HIT : 'hit' ;
MISS : 'miss' ;          SKIPPED : 'skipped' ;    MASKS : 'masks' ;        PASSES : 'passes' ;
DENIES : 'denies' ;      APPROVE : 'approve' ;    COST : 'cost' ;

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
