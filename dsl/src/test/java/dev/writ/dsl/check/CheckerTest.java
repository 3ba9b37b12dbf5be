package dev.writ.dsl.check;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.List;
import org.junit.jupiter.api.Test;

class CheckerTest {
    @Test
    void findsNothingWrongWithAWholePolicy() {
        assertEquals(List.of(), Checked.ids(Checked.check(Checked.BASE)));
    }
}
