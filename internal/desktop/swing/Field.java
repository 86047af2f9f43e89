import java.awt.EventQueue;
import java.awt.Font;
import java.awt.event.FocusAdapter;
import java.awt.event.FocusEvent;
import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import javax.swing.JFrame;
import javax.swing.JTextField;
import javax.swing.event.DocumentEvent;
import javax.swing.event.DocumentListener;
import javax.swing.text.AttributeSet;
import javax.swing.text.BadLocationException;
import javax.swing.text.PlainDocument;

/**
 * A window with one text field that takes at most six characters and silently drops any insert that would
 * make it longer, as the tax office's form filler ÁNYK does. So a code pasted with a space in it, or with
 * a line end, or into a field that is not empty, vanishes without a word.
 *
 * It prints a line for what happens: "focus", "blur", "text TEXT" on every change, "dropped N" for a
 * dropped insert of N characters.
 */
public class Field {
    static final int LIMIT = 6;
    static final PrintStream out =
        new PrintStream(new FileOutputStream(FileDescriptor.out), true, StandardCharsets.UTF_8);

    static class Limited extends PlainDocument {
        @Override
        public void insertString(int offset, String s, AttributeSet a) throws BadLocationException {
            if (s == null) {
                return;
            }
            if (getLength() + s.length() > LIMIT) {
                out.println("dropped " + s.length());
                return;
            }
            super.insertString(offset, s, a);
        }
    }

    static class Printer implements DocumentListener {
        private final JTextField field;

        Printer(JTextField field) {
            this.field = field;
        }

        private void print() {
            out.println("text " + field.getText().replace("\\", "\\\\").replace("\n", "\\n"));
        }

        @Override
        public void insertUpdate(DocumentEvent e) {
            print();
        }

        @Override
        public void removeUpdate(DocumentEvent e) {
            print();
        }

        @Override
        public void changedUpdate(DocumentEvent e) {
            print();
        }
    }

    public static void main(String[] args) {
        EventQueue.invokeLater(() -> {
            JTextField field = new JTextField(new Limited(), "", 12);
            field.setFont(new Font(Font.MONOSPACED, Font.PLAIN, 24));
            field.getDocument().addDocumentListener(new Printer(field));
            field.addFocusListener(new FocusAdapter() {
                @Override
                public void focusGained(FocusEvent e) {
                    out.println("focus");
                }

                @Override
                public void focusLost(FocusEvent e) {
                    out.println("blur");
                }
            });
            JFrame frame = new JFrame(args.length > 0 ? args[0] : "Field");
            frame.setDefaultCloseOperation(JFrame.EXIT_ON_CLOSE);
            frame.add(field);
            frame.pack();
            frame.setLocation(500, 400);
            frame.setVisible(true);
        });
    }
}
