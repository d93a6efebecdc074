"""Make an interpreter, run code in it, close it. CPython 3.14 and later."""

from concurrent import interpreters

interpreter = interpreters.create()
print(interpreter, flush=True)

interpreter.exec("answer = 42; print('inside:', answer, flush=True)")
print("in main:", "answer" in globals())

print(interpreter.call(pow, 2, 10))

try:
    interpreter.exec("1 / 0")
except interpreters.ExecutionFailed as error:
    print("failed:", error.excinfo.type.__name__)

interpreter.close()
print(interpreters.list_all())
