package dev.writ.benchmarks;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.tngtech.archunit.core.domain.Dependency;
import com.tngtech.archunit.core.domain.JavaClass;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/// The architecture as data: who may import whom, where each library has its home, what may not
/// wait. It stands here because this module sees all others.
class ArchitectureTest {
    /// Module → the modules that it may import. Change it only with `docs/design`.
    private static final Map<String, Set<String>> MAY_IMPORT =
            Map.of(
                    "dsl", Set.of(),
                    "guardrails", Set.of(),
                    "cache", Set.of(),
                    "providers", Set.of(),
                    "engine", Set.of("dsl"),
                    "server", Set.of("dsl", "engine", "guardrails", "cache", "providers"),
                    "cli", Set.of("dsl", "engine", "server", "providers"),
                    "benchmarks",
                            Set.of(
                                    "dsl",
                                    "engine",
                                    "guardrails",
                                    "cache",
                                    "providers",
                                    "server",
                                    "cli"));

    /// Folders of modules that are not called like their packages.
    private static final Map<String, String> NAMES = Map.of("semantic-cache", "cache");

    /// Library → the packages, or single classes, that may use it. A library that does not stand
    /// here has no home, and may not be used.
    private static final Map<String, Set<String>> HOMES =
            Map.ofEntries(
                    Map.entry("org.antlr", Set.of("dev.writ.dsl.parse")),
                    Map.entry("com.google.re2j", Set.of("dev.writ.engine", "dev.writ.dsl.check")),
                    Map.entry(
                            "com.fasterxml.jackson",
                            Set.of("dev.writ.providers", "dev.writ.server", "dev.writ.cli")),
                    Map.entry("com.knuddels.jtokkit", Set.of("dev.writ.providers.openai")),
                    Map.entry("io.undertow", Set.of("dev.writ.server")),
                    Map.entry("org.xnio", Set.of("dev.writ.server")),
                    Map.entry(
                            "com.nimbusds",
                            Set.of(
                                    "dev.writ.server.identity.SignedToken",
                                    "dev.writ.server.identity.KeySet")),
                    Map.entry("org.eclipse.jgit", Set.of("dev.writ.server.live.GitReader")),
                    Map.entry("org.eclipse.lsp4j", Set.of("dev.writ.cli.lsp")),
                    Map.entry("com.google.gson", Set.of("dev.writ.cli.lsp")),
                    Map.entry("picocli", Set.of("dev.writ.cli")),
                    Map.entry("org.snakeyaml.engine", Set.of("dev.writ.cli.importing.ConfigFile")),
                    Map.entry("org.openjdk.jmh", Set.of("dev.writ.benchmarks")),
                    Map.entry("org.jspecify", Set.of("dev.writ")));

    /// The JDK has its home everywhere.
    private static final Set<String> JDK = Set.of("java", "javax", "jdk", "com.sun");

    /// Packages whose code runs on I/O threads.
    private static final Set<String> ON_IO_THREADS =
            Set.of("dev.writ.server.pipeline", "dev.writ.server.upstream");

    /// Calls that may wait, and why they do not hold up an I/O thread.
    private record Excuse(Set<String> calls, String why) {}

    /// Class beside those that run on I/O threads → its excuse.
    private static final Map<String, Excuse> MAY_WAIT =
            Map.of(
                    "dev.writ.server.upstream.UpstreamClient",
                    new Excuse(
                            Set.of("InetAddress.getAllByName"),
                            "names are looked up on threads of their own"),
                    "dev.writ.server.upstream.UpstreamTrust",
                    new Excuse(
                            Set.of("Files.newInputStream", "InputStream.close"),
                            "certificates are read once, when the gateway starts"));

    /// Pairs of packages of one module that may use each other: the index speaks of the engine's
    /// [dev.writ.engine.Truth].
    private static final Set<Set<String>> MAY_BE_CYCLES =
            Set.of(Set.of("dev.writ.engine", "dev.writ.engine.internal"));

    private static Map<String, Set<JavaClass>> modules = Map.of();

    @BeforeAll
    static void readClasses() throws IOException {
        modules = Modules.read(Path.of(System.getProperty("writ.root", "..")), NAMES);
    }

    @Test
    void everyModuleIsFoundInItsOwnPackages() {
        assertEquals(new TreeSet<>(MAY_IMPORT.keySet()), modules.keySet());
        modules.forEach(
                (module, classes) -> {
                    assertFalse(classes.isEmpty(), "no class of module " + module + " is built");
                    for (JavaClass each : classes) {
                        assertEquals(module, module(each), each.getName());
                    }
                });
    }

    @Test
    void modulesImportOnlyWhatTheyMay() {
        assertNone(forbiddenImports(MAY_IMPORT));
    }

    @Test
    void aForbiddenImportIsSeen() {
        List<String> seen = forbiddenImports(Map.of("engine", Set.of()));
        assertTrue(
                seen.stream()
                        .anyMatch(line -> line.startsWith("dev.writ.engine.PolicySnapshot uses")),
                seen::toString);
    }

    private static List<String> forbiddenImports(Map<String, Set<String>> mayImport) {
        List<String> wrong = new ArrayList<>();
        mayImport.forEach(
                (module, others) -> {
                    for (JavaClass each : modules.getOrDefault(module, Set.of())) {
                        for (JavaClass used : used(each)) {
                            String other = module(used);
                            if (other != null && !other.equals(module) && !others.contains(other)) {
                                wrong.add(each.getName() + " uses " + used.getName());
                            }
                        }
                    }
                });
        return wrong;
    }

    @Test
    void internalPackagesAreUsedInTheirModuleOnly() {
        List<String> wrong = new ArrayList<>();
        modules.forEach(
                (module, classes) -> {
                    for (JavaClass each : classes) {
                        for (JavaClass used : used(each)) {
                            if (isIn(used.getPackageName(), "dev.writ")
                                    && (used.getPackageName() + ".").contains(".internal.")
                                    && !module.equals(module(used))) {
                                wrong.add(each.getName() + " uses " + used.getName());
                            }
                        }
                    }
                });
        assertNone(wrong);
    }

    @Test
    void librariesAreUsedInTheirHomesOnly() {
        List<String> wrong = new ArrayList<>();
        for (JavaClass each : classes()) {
            for (JavaClass used : used(each)) {
                if (module(used) != null || isOfJdk(used)) {
                    continue;
                }
                Set<String> homes =
                        HOMES.entrySet().stream()
                                .filter(home -> isIn(used.getName(), home.getKey()))
                                .flatMap(home -> home.getValue().stream())
                                .collect(Collectors.toSet());
                if (homes.stream().noneMatch(home -> isIn(topLevel(each), home))) {
                    wrong.add(each.getName() + " uses " + used.getName());
                }
            }
        }
        assertNone(wrong);
    }

    @Test
    void packagesOfAModuleHaveNoCycles() {
        Map<String, Set<String>> uses = new TreeMap<>();
        for (JavaClass each : classes()) {
            for (JavaClass used : used(each)) {
                if (String.valueOf(module(each)).equals(module(used))
                        && !each.getPackageName().equals(used.getPackageName())
                        && !MAY_BE_CYCLES.contains(
                                Set.of(each.getPackageName(), used.getPackageName()))) {
                    uses.computeIfAbsent(each.getPackageName(), _ -> new TreeSet<>())
                            .add(used.getPackageName());
                }
            }
        }
        // What uses nobody that is left is in no cycle.
        boolean found = true;
        while (found) {
            found = uses.values().removeIf(used -> used.stream().noneMatch(uses::containsKey));
        }
        assertEquals(Map.of(), uses, "packages in cycles, or on the way to one");
    }

    @Test
    void nothingThatRunsOnAnIoThreadCallsWhatMayWait() {
        Map<String, Set<String>> found = new TreeMap<>();
        for (JavaClass each : classes()) {
            List<String> calls = BlockingCalls.of(each);
            if (!calls.isEmpty()
                    && ON_IO_THREADS.stream().anyMatch(on -> isIn(each.getPackageName(), on))) {
                found.computeIfAbsent(topLevel(each), _ -> new TreeSet<>()).addAll(calls);
            }
        }
        Map<String, Set<String>> excused = new TreeMap<>();
        MAY_WAIT.forEach((name, excuse) -> excused.put(name, new TreeSet<>(excuse.calls())));
        assertEquals(excused, found, "calls that may wait, by class");
    }

    @Test
    void whatWaitsIsSeen() {
        JavaClass reader =
                classes().stream()
                        .filter(each -> each.getSimpleName().equals("PathReader"))
                        .findFirst()
                        .orElseThrow();
        List<String> calls = BlockingCalls.of(reader);
        assertTrue(calls.contains("Files.isDirectory"), calls::toString);
        assertTrue(calls.contains("CountDownLatch.await"), calls::toString);
    }

    @Test
    void mainCodeMatchesWithRe2jOnly() {
        List<String> wrong = new ArrayList<>();
        for (JavaClass each : classes()) {
            for (JavaClass used : used(each)) {
                if (isIn(used.getName(), "java.util.regex")) {
                    wrong.add(each.getName() + " uses " + used.getName());
                }
            }
        }
        assertNone(wrong);
    }

    @Test
    void onlyCommandsPrint() {
        List<String> wrong = new ArrayList<>();
        for (JavaClass each : classes()) {
            String module = String.valueOf(module(each));
            boolean prints =
                    each.getFieldAccessesFromSelf().stream()
                            .anyMatch(
                                    access ->
                                            access.getTargetOwner().isEquivalentTo(System.class)
                                                    && access.getName().equals("out"));
            if (prints && !module.equals("cli") && !module.equals("benchmarks")) {
                wrong.add(each.getName());
            }
        }
        assertNone(wrong);
    }

    @Test
    void everyPackageIsNullMarked() {
        Set<String> marked =
                classes().stream()
                        .filter(each -> each.getSimpleName().equals("package-info"))
                        .filter(each -> each.isAnnotatedWith("org.jspecify.annotations.NullMarked"))
                        .map(JavaClass::getPackageName)
                        .collect(Collectors.toSet());
        Set<String> wrong =
                classes().stream()
                        .map(JavaClass::getPackageName)
                        .filter(name -> !marked.contains(name))
                        .collect(Collectors.toCollection(TreeSet::new));
        assertEquals(Set.of(), wrong, "packages without @NullMarked");
    }

    private static List<JavaClass> classes() {
        return modules.values().stream().flatMap(Set::stream).toList();
    }

    private static Set<JavaClass> used(JavaClass each) {
        return each.getDirectDependenciesFromSelf().stream()
                .map(Dependency::getTargetClass)
                .map(JavaClass::getBaseComponentType)
                .filter(used -> !used.isPrimitive())
                .collect(Collectors.toSet());
    }

    /// Returns the module whose package the class is in, or null.
    private static @Nullable String module(JavaClass each) {
        String[] parts = each.getPackageName().split("\\.", 4);
        return parts.length >= 3 && parts[0].equals("dev") && parts[1].equals("writ")
                ? parts[2]
                : null;
    }

    private static boolean isOfJdk(JavaClass each) {
        return JDK.stream().anyMatch(root -> isIn(each.getName(), root));
    }

    /// Tells whether the package or class is `place` or lies in it.
    private static boolean isIn(String name, String place) {
        return name.equals(place) || name.startsWith(place + ".");
    }

    private static String topLevel(JavaClass each) {
        String name = each.getName();
        int nested = name.indexOf('$');
        return nested < 0 ? name : name.substring(0, nested);
    }

    private static void assertNone(List<String> wrong) {
        assertTrue(wrong.isEmpty(), () -> String.join("\n", new TreeSet<>(wrong)));
    }
}
