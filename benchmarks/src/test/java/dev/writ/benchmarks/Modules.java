package dev.writ.benchmarks;

import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Pattern;

/// The compiled main code of every module, by the module's name: what follows `dev.writ.` in its
/// packages.
final class Modules {
    private static final Pattern MODULE = Pattern.compile("<module>([a-z-]+)</module>");

    private Modules() {}

    /// Reads the classes of all modules that the build has.
    ///
    /// @param names folder of the module → its name, where these differ
    static Map<String, Set<JavaClass>> read(Path root, Map<String, String> names)
            throws IOException {
        Map<String, Path> folders = new TreeMap<>();
        MODULE.matcher(Files.readString(root.resolve("pom.xml")))
                .results()
                .map(module -> module.group(1))
                .forEach(
                        folder ->
                                folders.put(
                                        names.getOrDefault(folder, folder),
                                        root.resolve(folder).resolve("target/classes")));
        // All at once, so that what one class uses of another is known in full.
        JavaClasses all = new ClassFileImporter().importPaths(folders.values());
        Map<String, Set<JavaClass>> modules = new TreeMap<>();
        folders.forEach(
                (name, folder) -> {
                    Set<JavaClass> classes =
                            new TreeSet<>((a, b) -> a.getName().compareTo(b.getName()));
                    for (JavaClass each : all) {
                        if (isIn(folder, each) && !isGenerated(each)) {
                            classes.add(each);
                        }
                    }
                    modules.put(name, classes);
                });
        return modules;
    }

    /// Tells whether a tool wrote the class into a package of its own.
    private static boolean isGenerated(JavaClass each) {
        return each.getPackageName().endsWith(".jmh_generated");
    }

    private static boolean isIn(Path folder, JavaClass each) {
        return each.getSource()
                .map(source -> Path.of(source.getUri()).startsWith(folder.toAbsolutePath()))
                .orElse(false);
    }
}
